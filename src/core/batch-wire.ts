/** What travels for batches: many runs of one task, a row each. JSON only, refs instead of bytes, as in wire.ts. */
import type { BlobRef } from "./blob-ref.js";
import type { RunInputDescriptor, RunSpec } from "./run-spec.js";
import type { Usage } from "./usage.js";
import type { SinkSpec } from "./sink-spec.js";
import type { RunTiming, TaskQueues } from "./wire.js";

export const BATCH_WORKFLOW_TYPE = "rlmBatch";

/** A row as the plan keeps it. */
export interface BatchRow {
  /** The row's `id`, or a digest of its line; unique in the batch. */
  readonly key: string;
  /** From 1, in the file of rows. */
  readonly line: number;
  /** Of the row's text: another one under the same key is refused. */
  readonly hash: string;
  /** Short values are kept here and stored by the worker that starts the row. */
  readonly inputs: readonly (RunInputDescriptor | InlineInput)[];
}

export interface InlineInput {
  readonly name: string;
  readonly kind: "text" | "json";
  readonly text: string;
}

/** A part of the rows, as a blob. */
export interface BatchPage {
  readonly ref: BlobRef;
  /** Index of its first row, from 0. */
  readonly first: number;
  readonly count: number;
}

/** What the whole batch may use; `null`: no limit. */
export interface BatchLimits {
  /** Rows under way at once. */
  readonly concurrency: number;
  /** Failed rows after which no other is started. */
  readonly maxFailures: number | null;
  readonly totalLlmCalls: number | null;
  readonly budgetUsd: number | null;
}

/** A blob, written before the batch is started. */
export interface BatchPlan {
  readonly v: 1;
  readonly batchId: string;
  /** What all rows share: their own inputs are added. */
  readonly spec: RunSpec;
  readonly signatureText: string;
  readonly pages: readonly BatchPage[];
  readonly rows: number;
}

/** Argument of the workflow `rlmBatch`. */
export interface BatchInput {
  readonly v: 1;
  readonly batchId: string;
  /** How often the batch was started, this time included: part of the ids of the runs that it starts. */
  readonly generation: number;
  /** Rows that failed in an earlier generation are run again. */
  readonly retryFailed: boolean;
  readonly planRef: BlobRef;
  readonly rows: number;
  readonly queues: TaskQueues;
  readonly limits: BatchLimits;
  /** Limits of one row's run. */
  readonly rowLimits: RunSpec["limits"];
  readonly job?: string;
  readonly model: string;
  /** The signature's text, shortened. */
  readonly signature: string;
  readonly timing?: RunTiming;
  readonly workflowTaskTimeoutMs: number;
  readonly visible?: boolean;
  readonly sinksRef?: BlobRef;
  /** For rows that are blocked, and for how the batch ended. @default nobody is told */
  readonly alerts?: readonly SinkSpec[];
  /** What earlier starts of the batch have used: the totals are for all of it. @default nothing */
  readonly spent?: BatchSpent;
  /** The ids of the runs that are in `spent`: others of earlier starts have closed after the batch was ended from outside. @default none */
  readonly countedRef?: BlobRef;
  /** Set by continue-as-new only. */
  readonly state?: BatchState;
}

export interface BatchSpent {
  readonly llmCalls: number;
  readonly usage: Usage;
}

/** Named record `start` of a generation: how it was started, so that it can be started again. */
export type BatchStart = Omit<BatchInput, "spent" | "countedRef" | "state" | "visible">;

/** Where a batch stands; small, because it is carried on. */
export interface BatchState {
  /** Index of the first row that was not looked at yet. */
  readonly next: number;
  /** Indexes of rows whose runs are under way. */
  readonly open: readonly OpenRow[];
  readonly counts: BatchCounts;
  readonly usage: Usage;
  readonly llmCalls: number;
  /** Number of records of settled rows. */
  readonly records: number;
  readonly startedAtMs: number;
}

export interface OpenRow {
  readonly index: number;
  readonly workflowId: string;
  readonly reservedCalls: number;
  readonly reservedUsd: number;
}

export interface BatchCounts {
  readonly answered: number;
  readonly degraded: number;
  readonly failed: number;
  readonly cancelled: number;
}

export type RowStatus = keyof BatchCounts;

/** A row whose run is closed; rows of one record are stored together (`batches/<id>/<generation>/<number>`). */
export interface SettledRow {
  readonly index: number;
  readonly status: RowStatus;
  readonly reason: string | null;
  readonly workflowId: string;
  readonly outputsRef: BlobRef | null;
  readonly turns: number;
  readonly llmCalls: number;
  readonly usage: Usage;
}

/** Why a batch ended before its last row was started; `null`: it did not. */
export type BatchStop = "failures" | "llm-calls" | "budget" | "cancelled" | null;

/** How a batch ended; its workflow's result, and a named record. */
export interface BatchOutcome {
  readonly batchId: string;
  readonly generation: number;
  readonly rows: number;
  readonly counts: BatchCounts;
  readonly notStarted: number;
  readonly stopped: BatchStop;
  readonly llmCalls: number;
  readonly usage: Usage;
  readonly startedAtMs: number;
}

export interface PrepareRowsArgs {
  readonly planRef: BlobRef;
  readonly generation: number;
  readonly retryFailed: boolean;
  readonly countedRef?: BlobRef;
  readonly from: number;
  readonly count: number;
}

export interface RowStart {
  readonly workflowId: string;
  readonly specRef: BlobRef;
  /** A strategy without a sandbox. */
  readonly direct: boolean;
  /** Of the sandbox build of now, which is another one after an upgrade. */
  readonly replQueue: string;
}

/** What is to be done with a row. */
export type PreparedRow =
  | { readonly index: number; readonly start: RowStart }
  /** The run of an earlier generation is still under way: that one was ended from outside, its rows were not. */
  | { readonly index: number; readonly open: string }
  /** An earlier generation has run it. `counted`: what it used is in `spent`. */
  | { readonly index: number; readonly settled: SettledRow; readonly counted: boolean };

export interface RecordRowsArgs {
  readonly planRef: BlobRef;
  readonly generation: number;
  /** From 0, without gaps: the name of the record. */
  readonly number: number;
  readonly rows: readonly SettledRow[];
}

/** Of rows that an earlier run of the chain has started. */
export interface AwaitRowsArgs {
  readonly rows: readonly OpenRow[];
}

/** Longest list of rows that one activity prepares or records: keeps payloads small. */
export const ROWS_AT_ONCE = 16;
