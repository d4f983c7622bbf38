import type { BatchCounts, BatchOutcome, BatchStop } from "../../core/batch-wire.js";
import type { Usage } from "../../core/usage.js";
import type { RunClient } from "../run-client.js";
import { BatchNotFoundError } from "./batch-error.js";
import { isBatchOpen } from "./batch-open.js";
import { BatchRecords } from "./batch-records.js";

/** `rlm batch status --json`. Names are stable (docs/cli-json.md). */
export interface BatchStatus {
  readonly batchId: string;
  readonly status: "running" | "finished" | "stopped";
  /** Why it is stopped; `ended`: from outside. */
  readonly stopped: BatchStop | "ended";
  readonly rows: number;
  readonly counts: BatchCounts;
  /** Rows that are not through. */
  readonly left: number;
  /** How often it was started. */
  readonly starts: number;
  readonly llmCalls: number;
  readonly usage: Usage;
  readonly startedAtMs: number | null;
}

/** @throws BatchNotFoundError */
export async function batchStatus(client: RunClient, batchId: string, { askServer }: { readonly askServer: boolean }): Promise<BatchStatus> {
  const records = new BatchRecords(client.store, batchId);
  await records.look();
  return statusOf(records, askServer && records.outcome === null && (await isBatchOpen(client, batchId)));
}

/** @param open its workflow is under way */
export function statusOf(records: BatchRecords, open: boolean): BatchStatus {
  const { start, outcome, batchId, generation } = records;
  if (start === null) throw new BatchNotFoundError(batchId);
  const counts = { answered: 0, degraded: 0, failed: 0, cancelled: 0 };
  for (const { status } of records.rows.values()) counts[status] += 1;
  const left = start.rows - counts.answered - counts.degraded - counts.failed;
  const stopped = open ? null : stoppedBy(outcome, left);
  return {
    batchId, status: open ? "running" : stopped === null ? "finished" : "stopped", stopped, rows: start.rows, counts, left, starts: generation,
    ...records.spent(), startedAtMs: outcome?.startedAtMs ?? null,
  };
}

function stoppedBy(outcome: BatchOutcome | null, left: number): BatchStop | "ended" {
  if (outcome === null) return "ended";
  return outcome.stopped ?? (left > 0 ? "cancelled" : null);
}
