import { cancelRun } from "../../client/cancel-run.js";
import { changeBudget, pauseRun, resumeRun, steerRun } from "../../client/control-run.js";
import { RunClosedError } from "../../client/errors.js";
import { forkRun } from "../../client/fork-run.js";
import { retryRun } from "../../client/retry-run.js";
import type { RunClient } from "../../client/run-client.js";
import { readLimitSettings } from "../../config/limit-settings.js";
import type { BudgetChange, ControlAck, ControlRequest } from "../../core/control-wire.js";
import { RunOptionsError, type RunOptions } from "../../core/resolve-run-limits.js";
import type { TaskQueues } from "../../core/wire.js";
import type { RunAction } from "./run-action.js";

export interface ActOptions {
  readonly client: RunClient;
  readonly queues: TaskQueues;
  readonly workflowId: string;
  /** Who asks and why. */
  readonly request: ControlRequest;
}

/**
 * Does what an operator asks of a run; resolves with a sentence and the run it is about.
 * @throws what the verbs of src/client throw
 */
export async function actOnRun({ client, queues, workflowId, request }: ActOptions, action: RunAction): Promise<{ readonly message: string; readonly workflowId: string }> {
  const done = (message: string) => ({ message, workflowId });
  const told = async (ack: Promise<ControlAck>, yes: string, no: string) => done((await ack).changed ? yes : no);
  switch (action.action) {
    case "pause":
      return told(pauseRun(client, workflowId, request), "Paused. Calls under way are finished and kept.", "It was paused already.");
    case "resume":
      return told(resumeRun(client, workflowId, request), "It goes on.", "It was not paused.");
    case "steer":
      return told(steerRun(client, workflowId, action.text, request), "The model sees the message in its next turn.", "It was sent already.");
    case "budget":
      return told(changeBudget(client, workflowId, readLimits(action.limits) as BudgetChange, request), "The limits are changed.", "These limits were set already.");
    case "retry":
      await retryRun(client, workflowId, request);
      return done("It tries again now.");
    case "cancel":
      if (!(await cancelRun(client, workflowId))) throw new RunClosedError(workflowId);
      return done("It is asked to stop, and closes as soon as a worker takes note.");
    case "fork": {
      const { turn, id, model, subModel, instructions, limits = {} } = action;
      const models = { ...(model !== undefined && { root: model }), ...(subModel !== undefined && { sub: subModel }) };
      const fork = await forkRun(client, workflowId, {
        turn, models, queues, limits: readLimits(limits), ...(id !== undefined && { workflowId: id }), ...(instructions !== undefined && { instructions }),
      });
      return { message: `Forked after turn ${turn}.`, workflowId: fork.workflowId };
    }
  }
}

/** @throws RunOptionsError */
function readLimits(texts: Readonly<Record<string, string | undefined>>): RunOptions {
  const given = Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== undefined && text !== ""));
  const { options, faults } = readLimitSettings(given);
  if (faults.length > 0) throw new RunOptionsError(faults.map(({ setting, problem }) => `${setting}: ${problem}`));
  return options;
}
