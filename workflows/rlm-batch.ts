import { CancellationScope, isCancellation, setCurrentDetails, workflowInfo } from "@temporalio/workflow";
import { grantRow, settledCount } from "../src/core/batch-decisions.js";
import { ROWS_AT_ONCE, type BatchInput, type BatchOutcome, type BatchStop, type PreparedRow } from "../src/core/batch-wire.js";
import { alertBatch } from "./alerts.js";
import { BatchWindow } from "./batch-window.js";
import { continueUpgraded } from "./continue-upgraded.js";
import { startDelivery } from "./start-delivery.js";

/** Continue-as-new long before the server insists: histories stay quick to replay. */
const EVENTS_A_RUN = 6000;

/**
 * One run a row, a window of them at a time. The rows' runs are children that go on when this workflow continues as new: the next run of the chain waits
 * for those that were under way. Settled rows are recorded in the store, a few at a time; commands read them there.
 */
export async function rlmBatch(input: BatchInput): Promise<BatchOutcome> {
  const { planRef, generation, retryFailed, countedRef, rows } = input;
  const window = new BatchWindow(input);
  let stop: BatchStop = null;
  /** Looked at, and not started yet. */
  let prepared: PreparedRow[] = [];
  const prepare = async (): Promise<void> => {
    const from = window.state.next;
    const count = Math.min(ROWS_AT_ONCE, rows - from);
    const all = await window.activities.prepareRows({ planRef, generation, retryFailed, ...(countedRef !== undefined && { countedRef }), from, count });
    window.lookedAt(count);
    for (const row of all) if ("settled" in row) window.settle(row.settled, !row.counted);
    window.adopt(all.filter((row) => "open" in row));
    prepared = all.filter((row) => "start" in row);
  };
  try {
    for (;;) {
      window.throwFailure();
      setCurrentDetails(`${settledCount(window.state)} of ${rows} rows are through, ${window.state.open.length} under way, ${window.state.counts.failed} failed`);
      if (prepared.length === 0) {
        if (workflowInfo().continueAsNewSuggested || workflowInfo().historyLength > EVENTS_A_RUN) return await window.continueAsNew((state) => continueUpgraded<typeof rlmBatch>({ ...input, state }));
        if (window.state.next < rows) await prepare();
        else if (window.state.open.length > 0) await window.change();
        else break;
        continue;
      }
      const grant = grantRow(input, window.state);
      if (grant.grant === "wait") await window.change();
      else if (grant.grant === "start") window.start(prepared.shift(), grant);
      else {
        stop = grant.why;
        break;
      }
    }
    // What earlier starts of the batch have settled counts, wherever it stands.
    if (stop !== null && generation > 1) while (window.state.next < rows) await prepare();
    await window.drained();
  } catch (error) {
    if (!isCancellation(error)) throw error;
    stop = "cancelled";
    await CancellationScope.nonCancellable(() => window.cancelled());
  }
  return CancellationScope.nonCancellable(() => close(input, window, stop));
}

async function close(input: BatchInput, { state, activities }: BatchWindow, stopped: BatchStop): Promise<BatchOutcome> {
  const { batchId, generation, rows, sinksRef, queues } = input;
  const { counts, llmCalls, usage, startedAtMs } = state;
  const outcome: BatchOutcome = { batchId, generation, rows, counts, notStarted: rows - settledCount(state), stopped, llmCalls, usage, startedAtMs };
  const ref = await activities.closeBatch({ outcome });
  const key = workflowInfo().firstExecutionRunId;
  if (sinksRef !== undefined) await startDelivery({ sinksRef, subject: { event: "batch.closed", id: batchId, key, ref }, llmQueue: queues.llm });
  await alertBatch(input, outcome, key, ref);
  return outcome;
}
