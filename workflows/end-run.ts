import { ApplicationFailure, CancellationScope, log, sleep } from "@temporalio/workflow";
import { totalUsage, type RunState } from "../src/core/run-state.js";
import type { CloseArgs, RunOutcome } from "../src/core/wire.js";
import { alertEnd } from "./alerts.js";
import type { BlockedGate } from "./blocking.js";
import { startDelivery } from "./start-delivery.js";
import type { Driver } from "./perform.js";
import { ownLabels } from "./visibility.js";

/** How a run ends. */
export type RunEnd = Pick<CloseArgs, "status" | "reason" | "outputsRef">;

/** A cancelled run is closed after this long, also when its manifest cannot be written; the history has everything. */
const CANCEL_GRACE = "2 minutes";

/** Writes the manifest and ends the workflow. A cancellation that comes meanwhile comes too late. */
export async function closeRun(driver: Driver, gate: BlockedGate, runId: string, state: RunState, end: RunEnd & { status: RunOutcome["status"] }): Promise<RunOutcome> {
  return CancellationScope.nonCancellable(async () => {
    await endSession(driver, state);
    const manifestRef = await writeManifest(driver, gate, runId, state, end);
    await deliver(driver, manifestRef);
    await alertEnd(driver.run, driver.input, end.status, manifestRef);
    driver.visibility.show(end.status, state);
    if (end.status === "failed") throw runFailed(end.reason ?? "unknown");
    const { turn, calls } = state;
    return { status: end.status, reason: end.reason, outputsRef: end.outputsRef, manifestRef, turns: turn, llmCalls: calls.answered, usage: totalUsage(state) };
  });
}

export async function closeCancelled(driver: Driver, gate: BlockedGate, runId: string, state: RunState): Promise<void> {
  await CancellationScope.nonCancellable(async () => {
    await endSession(driver, state);
    const written = writeManifest(driver, gate, runId, state, { status: "cancelled", reason: null, outputsRef: null }).then((ref) => deliver(driver, ref));
    await Promise.race([written, sleep(CANCEL_GRACE)]);
    driver.visibility.show("cancelled", state);
  });
}

async function writeManifest({ run, input, controls, proxies }: Driver, gate: BlockedGate, runId: string, state: RunState, end: RunEnd): Promise<RunOutcome["manifestRef"]> {
  const { variablesRef, trajectoryRef, snapshotRef, turn, calls, toolCalls, startedAtMs } = state;
  const args: CloseArgs = {
    run, runId, specRef: input.specRef, variablesRef, trajectoryRef, snapshotRef, ...end,
    turns: turn, llmCalls: calls.answered, maxLlmCalls: controls.limits.maxLlmCalls, usage: totalUsage(state), startedAtMs,
    failedCalls: calls.failed, toolCalls: toolCalls.settled, parent: input.parent?.workflowId ?? null, labels: ownLabels(),
  };
  const { manifestRef } = await gate.through(() => proxies.llm(`close: ${end.status}`).closeRun(args));
  return manifestRef;
}

/** A workflow of its own delivers: a sink that is down holds nobody up. */
async function deliver({ run: { workflowId, runUid }, input: { sinksRef, queues } }: Driver, ref: RunOutcome["manifestRef"]): Promise<void> {
  if (sinksRef !== undefined) await startDelivery({ sinksRef, subject: { event: "run.closed", id: workflowId, key: runUid, ref }, llmQueue: queues.llm });
}

/** Frees the sandbox now instead of when it is found unused. One that handed in outputs is gone already. */
async function endSession({ run, proxies }: Driver, { sessionQueue, phase }: RunState): Promise<void> {
  if (sessionQueue === null || (phase.at === "close" && phase.status === "answered")) return;
  await proxies.session(sessionQueue, "end of the session").endSession(run).catch((error: unknown) => log.info("session was gone", { error: String(error).slice(0, 200) }));
}

/** The workflow fails, so that Temporal shows what happened; the manifest has been written. */
function runFailed(reason: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(reason, "RunFailed");
}
