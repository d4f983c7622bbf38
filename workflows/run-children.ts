import { CancellationScope, ChildWorkflowFailure, executeChild, isCancellation, workflowInfo } from "@temporalio/workflow";
import { rangeOf } from "../src/core/call-counts.js";
import { MAX_CHILDREN_AT_ONCE } from "../src/core/child-limits.js";
import type { NewChild, SettledChild } from "../src/core/child-wire.js";
import type { RunLimits } from "../src/core/run-limits.js";
import type { RunMemo } from "../src/core/run-memo.js";
import { labelAttributes, type RunLabels } from "../src/core/visibility.js";
import { WORKFLOW_TYPE, type RunInput, type RunOutcome } from "../src/core/wire.js";
import type { BlobRef } from "../src/core/blob-ref.js";
import type { CallsToMake } from "./dispatch-calls.js";
import { describeFailure } from "./failures.js";
import type { Driver } from "./perform.js";
import { ownLabels } from "./visibility.js";

/** The child runs of a suspension: what they share with it, and the part of the budget that each gets. */
export interface ChildrenToRun extends Pick<CallsToMake, "run" | "specRef" | "turn" | "pack" | "counts" | "gate"> {
  readonly limits: RunLimits;
  /** State of the parent at the start of the turn: what the children begin with. */
  readonly snapshotRef: BlobRef;
}

/**
 * Runs the children of one suspension, workflows of their own, and returns when every one of them is settled. Walls are waited for here, not by giving
 * up: other children are under way and keep their part of the budget until they end.
 */
export async function runChildren(driver: Driver, calls: ChildrenToRun): Promise<readonly SettledChild[]> {
  const { start, count } = rangeOf(calls.counts, "rlm");
  const settled: SettledChild[] = [];
  let next = start;
  const lane = async (): Promise<void> => {
    while (next < start + count) {
      const index = next;
      next += 1;
      await calls.gate();
      settled[index - start] = await runChild(driver, calls, index, `child run ${index - start + 1} of ${count}`);
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: Math.min(count, MAX_CHILDREN_AT_ONCE) }, lane));
  const failed = lanes.find((each) => each.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  return settled;
}

async function runChild(driver: Driver, calls: ChildrenToRun, index: number, what: string): Promise<SettledChild> {
  const { proxies, gate } = driver;
  const { run, specRef, turn, pack, limits } = calls;
  const call = { run, turn, pack, index };
  const prepared = await gate.through(() => proxies.llm(`turn ${turn}: ${what}`).prepareChild({ ...call, specRef, limits }));
  if (prepared.settled !== null) return prepared.settled;
  const { child } = prepared;
  const lost = await driver.children.during(child.workflowId, () => toItsEnd(driver, calls, child));
  return gate.through(() => proxies.llm(`turn ${turn}: end of ${what}`).settleChild({ ...call, workflowId: child.workflowId, lost, reserved: limits.maxLlmCalls }));
}

/** Returns why the child ended without an outcome, if it did. It is cancelled with its parent, and waited for. */
async function toItsEnd({ run, input }: Driver, { limits, snapshotRef }: ChildrenToRun, { workflowId, runUid, specRef, signature }: NewChild): Promise<string | null> {
  const { queues, timing, alerts } = input;
  const childInput: RunInput = { v: 1, runUid, specRef, limits, queues, ...(timing !== undefined && { timing }), ...(input.visible === true && { visible: true }), ...(alerts !== undefined && { alerts }), parent: { workflowId: run.workflowId, snapshotRef } };
  const labels: RunLabels = { rootRun: run.workflowId, ...ownLabels() };
  const memo: RunMemo = { specDigest: specRef.digest, signature, parent: run.workflowId, ...labels };
  try {
    await executeChild<(input: RunInput) => Promise<RunOutcome>>(WORKFLOW_TYPE, {
      workflowId,
      args: [childInput],
      memo: { ...memo },
      ...(input.visible === true && { typedSearchAttributes: labelAttributes(labels) }),
      staticSummary: signature,
      workflowTaskTimeout: workflowInfo().taskTimeoutMs,
      workflowIdReusePolicy: "REJECT_DUPLICATE",
      parentClosePolicy: "REQUEST_CANCEL",
    });
    return null;
  } catch (error) {
    if (isCancellation(error) && CancellationScope.current().consideredCancelled) throw error;
    // An earlier try has started it: its manifest tells when it is through.
    if (error instanceof Error && error.name === "WorkflowExecutionAlreadyStartedError") return null;
    if (error instanceof ChildWorkflowFailure) return describeFailure(error.cause ?? error);
    throw error;
  }
}
