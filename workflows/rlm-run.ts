import {
  ActivityFailure,
  defineQuery,
  defineUpdate,
  isCancellation,
  setCurrentDetails,
  setHandler,
  sleep,
  workflowInfo,
} from "@temporalio/workflow";
import { nextStep } from "../src/core/next-step.js";
import { MAX_REBUILDS_IN_A_ROW, rebuildPauseMs } from "../src/core/pauses.js";
import { RETRY_UPDATE, STATUS_QUERY, type ControlAck, type ControlRequest, type StatusView } from "../src/core/control-wire.js";
import { callsUsed, initialState, type RunState } from "../src/core/run-state.js";
import type { RunInput, RunOutcome } from "../src/core/wire.js";
import { alertBlocked } from "./alerts.js";
import { ActivityProxies } from "./activity-proxies.js";
import { BlockedGate } from "./blocking.js";
import { continueUpgraded } from "./continue-upgraded.js";
import { closeCancelled, closeRun } from "./end-run.js";
import { ChildLinks } from "./child-links.js";
import { blockedDetails, describeFailure } from "./failures.js";
import { perform, type Driver } from "./perform.js";
import { RunControls } from "./run-controls.js";
import { RunVisibility } from "./visibility.js";

const statusQuery = defineQuery<StatusView>(STATUS_QUERY);
const retryUpdate = defineUpdate<ControlAck, [ControlRequest]>(RETRY_UPDATE);

/**
 * One run of a signature on inputs. Drives the pure brain of `src/core`: asks it for the next command, carries that out, gives it the outcome.
 * State is refs and counts only. A run that is blocked waits here, in one place: what it had decided falls away and is decided anew.
 */
export async function rlmRun(input: RunInput): Promise<RunOutcome> {
  const { workflowId, runId } = workflowInfo();
  const parentId = input.parent?.workflowId ?? null;
  const children = new ChildLinks(workflowId, parentId);
  const visibility = new RunVisibility(input.visible === true);
  const gate = new BlockedGate((blocked) => {
    children.tellParent(blocked);
    showStatus();
  }, (details) => alertBlocked({ workflowId, runUid: input.runUid }, input, details));
  let state: RunState = input.state ?? initialState(Date.now());
  /** With what the step under way has reserved. */
  let reserved = state;
  let lastLoss = "";
  const controls = new RunControls(input.control, input.limits, {
    parentId,
    state: () => reserved,
    onBudget: () => gate.retry(),
    onPause: (request) => children.pauseChildren(request),
    onWaiting: () => showStatus(),
  });
  const showStatus = (): void => visibility.show(statusView(state, gate, controls).status, state);
  children.connect(gate, controls);
  setHandler(statusQuery, () => statusView(state, gate, controls));
  // Always taken: one said while the failed try is still being given up must not be lost. Whether there is something to retry, the client looks up.
  setHandler(retryUpdate, () => {
    children.retry();
    return { changed: true };
  });
  const proxies = new ActivityProxies(input.queues, input.limits, input.timing);
  const driver: Driver = {
    run: { workflowId, runUid: input.runUid }, input, controls, gate, children, proxies, visibility,
    onSessionLost: (why) => (lastLoss = why),
    onAdvanced: (advanced) => (state = advanced),
  };
  /** A wait for people; its time does not count against the timeout. */
  const wait = async (until: Promise<void>): Promise<void> => {
    const sinceMs = Date.now();
    await until;
    state = { ...state, waitedMs: state.waitedMs + Date.now() - sinceMs };
  };
  try {
    for (;;) {
      const committing = state.phase.at === "commit";
      if (workflowInfo().continueAsNewSuggested && !committing) await continueUpgraded<typeof rlmRun>({ ...input, limits: controls.limits, state, control: controls.carried });
      // What a turn has left is made durable before anything is waited for.
      if (controls.paused !== null && state.phase.at !== "close" && !committing) await wait(controls.whilePaused());
      const seenRetries = gate.retries;
      if (state.rebuildsInARow >= MAX_REBUILDS_IN_A_ROW) {
        await wait(gate.wait({ kind: "rebuilds", message: `The session was lost ${state.rebuildsInARow} times in a row; the last time: ${lastLoss}` }, seenRetries));
        state = { ...state, rebuildsInARow: 0 };
      } else if (rebuildPauseMs(state.rebuildsInARow) > 0) await sleep(rebuildPauseMs(state.rebuildsInARow));
      const { command, state: decided } = nextStep(state, controls.limits, Date.now());
      reserved = decided;
      if (command.do === "close") return await closeRun(driver, gate, runId, decided, command);
      if (command.do === "waitForBudget") {
        await wait(gate.wait({ kind: "limit", message: `The limit is reached: ${command.reason}. Raise it with rlm budget.` }, seenRetries));
        continue;
      }
      showProgress(decided, controls);
      visibility.show("running", decided);
      try {
        state = await perform(driver, command, decided);
        if (state.rebuildsInARow === 0) gate.passed();
      } catch (error) {
        const details = blockedDetails(error);
        if (details === null) throw error;
        // Calls that were reserved and not settled are free again; the epoch stays raised.
        state = { ...state, epoch: decided.epoch };
        await wait(gate.wait(details, seenRetries));
      }
    }
  } catch (error) {
    if (isCancellation(error)) {
      await closeCancelled(driver, gate, runId, state);
      throw error;
    }
    // Bugs of the workflow code fail the task, not the run: a mended worker goes on.
    if (!(error instanceof ActivityFailure)) throw error;
    return closeRun(driver, gate, runId, state, { status: "failed", reason: describeFailure(error), outputsRef: null });
  }
}

function showProgress(state: RunState, { limits }: RunControls): void {
  setCurrentDetails(`turn ${state.turn} of ${limits.maxIterations}: ${state.phase.at}; ${callsUsed(state)} of ${limits.maxLlmCalls} sub-calls`);
}

function statusView(state: RunState, { blocked }: BlockedGate, { paused }: RunControls): StatusView {
  const { turn, calls, epoch, rebuilds } = state;
  const status = blocked !== null ? "blocked" : paused !== null ? "paused" : "running";
  return { status, reason: blocked?.message ?? paused?.why ?? null, turn, llmCalls: calls.answered, epoch, rebuilds };
}
