import { CancellationScope, ChildWorkflowFailure, isCancellation, uuid4, type ActivityInterfaceFor } from "@temporalio/workflow";
import type { BatchInput, OpenRow, RowStart, SettledRow } from "../src/core/batch-wire.js";
import { initialDirectState } from "../src/core/run-state.js";
import { NO_USAGE } from "../src/core/usage.js";
import type { RunInput } from "../src/core/wire.js";
import type { BatchActivities } from "./activity-types.js";
import { startRunAsChild } from "./start-run-as-child.js";

export interface RowToRun {
  readonly input: BatchInput;
  readonly activities: ActivityInterfaceFor<BatchActivities>;
  readonly open: OpenRow;
  readonly start: RowStart;
  /** Money for this row; `null`: no limit. */
  readonly usd: number | null;
  /** The server has the run, or refuses it. */
  readonly onStarted: () => void;
}

/** Runs one row to its end. What happens to the run is in the row that comes back; it rejects for infrastructure only. */
export async function runRow(row: RowToRun): Promise<SettledRow> {
  const { open: { index, workflowId } } = row;
  try {
    const run = await startRow(row).finally(row.onStarted);
    const { status, reason, outputsRef, turns, llmCalls, usage } = await run.result();
    return { index, status, reason, workflowId, outputsRef, turns, llmCalls, usage };
  } catch (error) {
    return CancellationScope.nonCancellable(() => afterFailure(row, error));
  }
}

async function startRow({ input, open: { workflowId }, start: { specRef, direct, replQueue }, usd }: RowToRun) {
  const { batchId, queues, rowLimits, job, model, timing, visible, alerts, signature, workflowTaskTimeoutMs } = input;
  const run: RunInput = {
    v: 1, runUid: uuid4(), specRef, limits: { ...rowLimits, budgetUsd: usd }, queues: { ...queues, repl: replQueue },
    ...(timing !== undefined && { timing }), ...(visible === true && { visible }), ...(alerts !== undefined && { alerts, tellsEnd: false }),
    ...(direct && { state: initialDirectState(Date.now()) }),
  };
  // It must outlive a continue-as-new of the batch; a cancellation of the batch is passed on while it is waited for.
  return startRunAsChild(run, { workflowId, signature, labels: { ...(job !== undefined && { job }), batch: batchId, model }, workflowTaskTimeoutMs, parentClosePolicy: "ABANDON" });
}

/** The manifest tells what a run that gave no outcome has used. */
async function afterFailure({ activities, open }: RowToRun, error: unknown): Promise<SettledRow> {
  const { index, workflowId, reservedCalls } = open;
  if (isCancellation(error) && !(error instanceof ChildWorkflowFailure)) return { index, status: "cancelled", reason: "not started", workflowId, outputsRef: null, turns: 0, llmCalls: 0, usage: NO_USAGE };
  const [row] = await activities.awaitRows({ rows: [open] });
  if (row !== undefined) return row;
  return { index, status: "failed", reason: String(error).slice(0, 300), workflowId, outputsRef: null, turns: 0, llmCalls: reservedCalls, usage: NO_USAGE };
}
