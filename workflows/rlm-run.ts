import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  continueAsNew,
  isCancellation,
  setCurrentDetails,
  setHandler,
  workflowInfo,
  defineQuery,
  defineUpdate,
} from "@temporalio/workflow";
import { nextStep } from "../src/core/next-step.js";
import { callsUsed, initialState, type RunState } from "../src/core/run-state.js";
import { RETRY_UPDATE, STATUS_QUERY, type CloseArgs, type RunInput, type RunOutcome, type StatusView } from "../src/core/wire.js";
import { ActivityProxies } from "./activity-proxies.js";
import { BlockedGate } from "./blocking.js";
import { describeFailure } from "./failures.js";
import { perform, type Driver } from "./perform.js";

/** Rebuilds in a row after which the run waits for a person: something is wrong that another try does not mend. */
const MAX_REBUILDS_IN_A_ROW = 30;

const statusQuery = defineQuery<StatusView>(STATUS_QUERY);
const retryUpdate = defineUpdate<void>(RETRY_UPDATE);

/**
 * One run of a signature on inputs. Drives the pure brain of `src/core`: asks it for the next command, carries that out, gives it the outcome.
 * State is refs and counts only.
 */
export async function rlmRun(input: RunInput): Promise<RunOutcome> {
  const gate = new BlockedGate();
  let state: RunState = input.state ?? initialState(Date.now());
  setHandler(statusQuery, () => statusView(state, gate));
  setHandler(retryUpdate, () => gate.retry(), {
    validator: () => {
      if (gate.blocked === null) throw ApplicationFailure.nonRetryable("The run is not blocked; there is nothing to retry.", "NotBlocked");
    },
  });
  const { workflowId } = workflowInfo();
  const run = { workflowId, runUid: input.runUid };
  const driver: Driver = { run, input, gate, proxies: new ActivityProxies(input.queues, input.limits, input.timing) };
  try {
    for (;;) {
      if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof rlmRun>({ ...input, state });
      if (state.rebuildsInARow >= MAX_REBUILDS_IN_A_ROW) {
        await gate.wait({ kind: "rebuilds", message: `The session was lost ${state.rebuildsInARow} times in a row.` });
        state = { ...state, rebuildsInARow: 0 };
      }
      const { command, state: decided } = nextStep(state, input.limits, Date.now());
      state = decided;
      if (command.do === "close") return await close(driver, state, command);
      showProgress(state, input);
      state = await perform(driver, command, state);
    }
  } catch (error) {
    if (error instanceof ApplicationFailure || !closesRun(error)) throw error;
    const status = isCancellation(error) ? "cancelled" : "failed";
    await CancellationScope.nonCancellable(() => writeManifest(driver, state, { status, reason: status === "failed" ? describeFailure(error) : null, outputsRef: null }));
    throw status === "cancelled" ? error : runFailed(describeFailure(error));
  }
}

async function close(driver: Driver, state: RunState, end: Pick<CloseArgs, "reason" | "outputsRef"> & { status: RunOutcome["status"] }): Promise<RunOutcome> {
  const manifestRef = await writeManifest(driver, state, end);
  if (end.status === "failed") throw runFailed(end.reason ?? "unknown");
  const { turn, calls, usage } = state;
  return { status: end.status, reason: end.reason, outputsRef: end.outputsRef, manifestRef, turns: turn, llmCalls: calls.answered, usage };
}

async function writeManifest({ run, input, proxies, gate }: Driver, state: RunState, end: Pick<CloseArgs, "status" | "reason" | "outputsRef">): Promise<RunOutcome["manifestRef"]> {
  const { variablesRef, trajectoryRef, turn, calls, usage, startedAtMs } = state;
  const args: CloseArgs = {
    run, runId: workflowInfo().runId, specRef: input.specRef, variablesRef, trajectoryRef, ...end,
    turns: turn, llmCalls: calls.answered, maxLlmCalls: input.limits.maxLlmCalls, usage, startedAtMs,
  };
  const { manifestRef } = await gate.through(() => proxies.llm(`close: ${end.status}`).closeRun(args));
  return manifestRef;
}

/** The workflow fails, so that Temporal shows what happened; the manifest has been written. */
function runFailed(reason: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(reason, "RunFailed");
}

/** Failures of activities and cancellations end the run; bugs of the workflow code must not: they fail the task, and a fixed worker goes on. */
function closesRun(error: unknown): boolean {
  return isCancellation(error) || error instanceof ActivityFailure;
}

function showProgress(state: RunState, { limits }: RunInput): void {
  setCurrentDetails(`turn ${state.turn} of ${limits.maxIterations}: ${state.phase.at}; ${callsUsed(state)} of ${limits.maxLlmCalls} sub-calls`);
}

function statusView(state: RunState, gate: BlockedGate): StatusView {
  const { turn, calls, epoch, rebuilds } = state;
  const { blocked } = gate;
  return { status: blocked === null ? "running" : "blocked", reason: blocked?.message ?? null, turn, llmCalls: calls.answered, epoch, rebuilds };
}
