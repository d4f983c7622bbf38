import { addUsage, NO_USAGE } from "./usage.js";
import type { BatchInput, BatchSpent, BatchState, BatchStop, OpenRow, SettledRow } from "./batch-wire.js";

export function initialBatchState(startedAtMs: number, { llmCalls, usage }: BatchSpent = { llmCalls: 0, usage: NO_USAGE }): BatchState {
  return { next: 0, open: [], counts: { answered: 0, degraded: 0, failed: 0, cancelled: 0 }, usage, llmCalls, records: 0, startedAtMs };
}

/** What the next row's run may use. `wait`: rows under way hold what is left, and give back what they do not use. */
export type RowGrant = { readonly grant: "start"; readonly llmCalls: number; readonly usd: number | null } | { readonly grant: "wait" } | { readonly grant: "stop"; readonly why: Exclude<BatchStop, null | "cancelled"> };

/**
 * Whether another row may start. Every row reserves its whole budget of calls before it starts, so that the total is never exceeded; money likewise: a
 * row without a budget of its own gets an equal part of what is left for each free lane.
 */
export function grantRow({ limits, rowLimits }: Pick<BatchInput, "limits" | "rowLimits">, state: BatchState): RowGrant {
  const { counts, open, llmCalls } = state;
  const { maxFailures, totalLlmCalls, budgetUsd, concurrency } = limits;
  if (maxFailures !== null && counts.failed >= maxFailures) return { grant: "stop", why: "failures" };
  const callsLeft = totalLlmCalls === null ? Number.POSITIVE_INFINITY : totalLlmCalls - llmCalls - sum(open, ({ reservedCalls }) => reservedCalls);
  if (callsLeft < rowLimits.maxLlmCalls) return open.length > 0 ? { grant: "wait" } : { grant: "stop", why: "llm-calls" };
  if (budgetUsd === null) return open.length >= concurrency ? { grant: "wait" } : { grant: "start", llmCalls: rowLimits.maxLlmCalls, usd: rowLimits.budgetUsd };
  if (open.length >= concurrency) return { grant: "wait" };
  const left = usdLeft(budgetUsd, state);
  const usd = rowLimits.budgetUsd ?? left / (concurrency - open.length);
  if (left <= 0 || usd > left) return open.length > 0 ? { grant: "wait" } : { grant: "stop", why: "budget" };
  return { grant: "start", llmCalls: rowLimits.maxLlmCalls, usd };
}

/**
 * A row whose run an earlier start of the batch has left running; it holds what it may use at most. How much money that start gave it is not known: it
 * holds an equal part, as a new row would.
 */
export function adoptedRow({ limits, rowLimits }: Pick<BatchInput, "limits" | "rowLimits">, state: BatchState, row: Pick<OpenRow, "index" | "workflowId">): OpenRow {
  const lanes = Math.max(1, limits.concurrency - state.open.length);
  const usd = limits.budgetUsd === null ? 0 : (rowLimits.budgetUsd ?? Math.max(0, usdLeft(limits.budgetUsd, state)) / lanes);
  return { ...row, reservedCalls: rowLimits.maxLlmCalls, reservedUsd: usd };
}

function usdLeft(budgetUsd: number, { usage, open }: BatchState): number {
  return budgetUsd - (usage.costUsd ?? budgetUsd) - sum(open, ({ reservedUsd }) => reservedUsd);
}

export function rowStarted(state: BatchState, row: OpenRow): BatchState {
  return { ...state, open: [...state.open, row] };
}

/** A row is through; what it did not use is free again. @param paidNow false: an earlier start of the batch has paid for it */
export function rowSettled(state: BatchState, row: SettledRow, paidNow: boolean): BatchState {
  const counted: BatchState = { ...state, open: state.open.filter(({ index }) => index !== row.index), counts: { ...state.counts, [row.status]: state.counts[row.status] + 1 } };
  return paidNow ? { ...counted, llmCalls: state.llmCalls + row.llmCalls, usage: addUsage(state.usage, row.usage) } : counted;
}

/** Rows that have been settled, in this start or an earlier one. */
export function settledCount({ counts }: Pick<BatchState, "counts">): number {
  return counts.answered + counts.degraded + counts.failed + counts.cancelled;
}

/**
 * Id of a row's run. The key stands in it when it is short and plain, else a digest of it. A row that is run again in a later start of the batch gets another id.
 * @param keyDigest hex of SHA-256 of the key
 */
export function rowWorkflowId(batchId: string, key: string, keyDigest: string, generation: number): string {
  const name = /^[A-Za-z0-9._-]{1,32}$/.test(key) ? key : `row-${keyDigest.slice(0, 16)}`;
  return `${batchId}/${name}${generation === 1 ? "" : `~${generation}`}`;
}

/** Name of a record of settled rows, below `batches/<id in hex>`. */
export function recordName(batchIdHex: string, generation: number, number: number | "start" | "outcome"): string {
  return `batches/${batchIdHex}/${generation}/${number}`;
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
