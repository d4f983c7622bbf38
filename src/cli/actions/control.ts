import { readFile } from "node:fs/promises";
import { text as readAll } from "node:stream/consumers";
import { changeBudget, pauseRun, resumeRun, steerRun } from "../../client/control-run.js";
import type { RunClient } from "../../client/run-client.js";
import type { BudgetChange, ControlAck, ControlRequest } from "../../core/control-wire.js";
import { CliError } from "../cli-error.js";
import { EXIT, type ExitCode } from "../exit-code.js";
import { printJson, printLine } from "../output/print.js";
import { requester } from "../../client/requester.js";
import { readLimitFlags, type LimitFlags } from "../run-limits-flags.js";
import { withRun } from "../with-run.js";

export interface ControlFlags {
  readonly json: boolean;
  readonly why?: string;
}

/** `rlm pause`. */
export function pause(workflowId: string, flags: ControlFlags): Promise<ExitCode> {
  return control(workflowId, flags, pauseRun, ({ changed }) => (changed ? `${workflowId} is paused. rlm resume ${workflowId} lets it go on.` : `${workflowId} was paused already.`));
}

/** `rlm resume`. */
export function resume(workflowId: string, flags: ControlFlags): Promise<ExitCode> {
  return control(workflowId, flags, resumeRun, ({ changed }) => (changed ? `${workflowId} goes on. rlm watch ${workflowId} follows it.` : `${workflowId} was not paused.`));
}

/** `rlm steer`. @param given the message, `@FILE`, or `@-` for stdin */
export async function steer(workflowId: string, given: string, flags: ControlFlags): Promise<ExitCode> {
  const message = await readMessage(given);
  return control(workflowId, flags, (client, id, request) => steerRun(client, id, message, request), () => `The model of ${workflowId} sees the message in its next turn.`);
}

/** `rlm budget`. */
export async function budget(workflowId: string, flags: ControlFlags & LimitFlags): Promise<ExitCode> {
  const { json, why, ...limitFlags } = flags;
  const limits = readLimitFlags(limitFlags) as BudgetChange;
  if (Object.keys(limits).length === 0) throw new CliError("invalid_options", EXIT.usage, "No limit is named.", "Name one or more, as in --max-llm-calls 200. rlm budget --help lists them.");
  const said = { json, ...(why !== undefined && { why }) };
  return control(workflowId, said, (client, id, request) => changeBudget(client, id, limits, request), () => `The limits of ${workflowId} are changed. rlm show ${workflowId} prints its state.`);
}

type Verb = (client: RunClient, workflowId: string, request: ControlRequest) => Promise<ControlAck>;

async function control(workflowId: string, { json, why }: ControlFlags, verb: Verb, describe: (ack: ControlAck) => string): Promise<ExitCode> {
  return withRun(workflowId, json, async ({ client }, display) => {
    const ack = await verb(client, workflowId, requester(why));
    display[Symbol.dispose]();
    if (json) printJson({ workflowId, ...ack });
    else printLine(describe(ack));
    return EXIT.answered;
  });
}

async function readMessage(given: string): Promise<string> {
  if (given === "@-") return readAll(process.stdin);
  if (!given.startsWith("@")) return given;
  try {
    return await readFile(given.slice(1), "utf8");
  } catch (error) {
    throw new CliError("invalid_input", EXIT.usage, `The message file ${given.slice(1)} cannot be read (${error instanceof Error ? error.message : String(error)}).`, "Check the path after \"@\".", { cause: error });
  }
}
