import type { IndexedRun } from "../../client/run-index/indexed-run.js";
import type { BatchRow } from "../wire.js";

const MAX_FAILED = 50;

const EMPTY: Omit<BatchRow, "batch"> = { counts: {}, failed: [], rows: 0, total: null, startedAtMs: 0, costUsd: 0 };

/** The batches that runs belong to, newest first, and how far their rows are. Rows that have not begun are not known here. Pure. */
export function groupBatches(runs: readonly IndexedRun[]): readonly BatchRow[] {
  const batches = new Map<string, BatchRow>();
  for (const { batch, workflowId, status, reason, startedAtMs, costUsd } of runs) {
    if (batch === null) continue;
    const { counts, failed, rows, startedAtMs: first, costUsd: spent } = batches.get(batch) ?? { ...EMPTY, startedAtMs };
    batches.set(batch, {
      batch, rows: rows + 1, total: null, counts: { ...counts, [status]: (counts[status] ?? 0) + 1 }, startedAtMs: Math.min(first, startedAtMs),
      costUsd: spent === null || costUsd === null ? null : spent + costUsd,
      failed: status === "failed" && failed.length < MAX_FAILED ? [...failed, { workflowId, reason }] : failed,
    });
  }
  return [...batches.values()].sort((a, b) => b.startedAtMs - a.startedAtMs);
}
