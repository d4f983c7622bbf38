import { setTimeout as sleep } from "node:timers/promises";
import { WorkflowExecutionAlreadyStartedError } from "@temporalio/client";
import { recordName } from "../../core/batch-decisions.js";
import { BATCH_WORKFLOW_TYPE, type BatchInput, type BatchLimits, type BatchPage, type BatchPlan, type BatchRow, type BatchStart } from "../../core/batch-wire.js";
import type { RunSpec } from "../../core/run-spec.js";
import type { SinkSpec } from "../../core/sink-spec.js";
import type { RunTiming, TaskQueues } from "../../core/wire.js";
import { encodeRecord, putRecord } from "../../journal/records.js";
import { alertsOf } from "../alerts-of.js";
import { putSinks } from "../put-sinks.js";
import { requireLabel } from "../labels.js";
import type { RunClient } from "../run-client.js";
import { startVisibly } from "../start-visibly.js";
import { requireWorkflowId, workflowIdHex } from "../workflow-id.js";
import { BatchError, BatchNotFoundError } from "./batch-error.js";
import { BatchRecords } from "./batch-records.js";
import { isBatchOpen } from "./batch-open.js";

export interface StartBatchOptions {
  readonly batchId: string;
  /** The task, its limits for one row, and the inputs that all rows share. */
  readonly spec: RunSpec;
  readonly signatureText: string;
  readonly rows: readonly BatchRow[];
  readonly limits: BatchLimits;
  readonly queues: TaskQueues;
  readonly job?: string;
  readonly sinks?: readonly SinkSpec[];
  readonly timing?: RunTiming;
  /** @default 2000 */
  readonly workflowTaskTimeoutMs?: number;
}

export interface StartedBatch {
  readonly batchId: string;
  /** `finished`: every row is through; nothing was started. */
  readonly how: "started" | "resumed" | "attached" | "finished";
}

/** Row ids add up to 40 characters to it. */
const MAX_ID_BYTES = 60;
/** From its outcome to its close: a message to its sinks is handed over. */
const CLOSES_WITHIN_MS = 30_000;
const PAGE_ROWS = 200;
const PAGE_CHARS = 2_000_000;

/**
 * Starts a batch, or goes on with the one that has this id: rows that are through are not run again.
 * @throws BatchError, InvalidWorkflowIdError, InvalidLabelError; nothing was started then
 */
export async function startBatch(client: RunClient, options: StartBatchOptions): Promise<StartedBatch> {
  const { batchId, spec, signatureText, rows, limits, queues, job, timing, workflowTaskTimeoutMs = 2000 } = options;
  requireBatchId(batchId);
  if (job !== undefined) requireLabel("job", job);
  const { store } = client;
  const pages = await putPages(client, rows);
  const plan: BatchPlan = { v: 1, batchId, spec, signatureText, pages, rows: rows.length };
  const planRef = await putRecord(store, plan);
  const sinksRef = await putSinks(store, options.sinks ?? []);
  const records = new BatchRecords(store, batchId);
  await records.look();
  const before = records.start;
  if (before !== null && (await isUnderWay(client, records))) {
    if (before.planRef.digest !== planRef.digest) throw new BatchError("batch_busy", `The batch "${batchId}" is under way with other rows or options.`, "Wait for it, cancel it, or choose another --id.");
    return { batchId, how: "attached" };
  }
  if (before !== null) await requireSameRows(records, rows);
  const through = [...records.rows.values()].filter(({ status, index }) => status !== "cancelled" && index < rows.length).length;
  if (before !== null && through === rows.length) return { batchId, how: "finished" };
  const start: BatchStart = {
    v: 1, batchId, generation: records.generation + 1, retryFailed: false, planRef, rows: rows.length, queues, limits, rowLimits: spec.limits,
    ...(job !== undefined && { job }), model: spec.models.root, signature: signatureText.slice(0, 120), ...(timing !== undefined && { timing }), workflowTaskTimeoutMs,
    ...(sinksRef !== null && { sinksRef }), ...alertsOf(client),
  };
  return { batchId, how: await begin(client, records, start) };
}

/**
 * Runs the rows again that have failed. Everything else is as in its last start.
 * @throws BatchNotFoundError, BatchError it is under way
 */
export async function retryFailedRows(client: RunClient, batchId: string): Promise<StartedBatch> {
  const records = new BatchRecords(client.store, batchId);
  await records.look();
  const { start } = records;
  if (start === null) throw new BatchNotFoundError(batchId);
  if (await isUnderWay(client, records)) throw new BatchError("batch_busy", `The batch "${batchId}" is under way.`, `Failed rows can be retried when it is through: rlm batch status ${batchId}`);
  if (![...records.rows.values()].some(({ status }) => status === "failed")) return { batchId, how: "finished" };
  return { batchId, how: await begin(client, records, { ...start, generation: records.generation + 1, retryFailed: true }) };
}

/** Whether it is. One whose outcome is told is only about to close, which is waited for: who has just read its last result may start it again. */
async function isUnderWay(client: RunClient, { batchId, outcome }: BatchRecords): Promise<boolean> {
  const untilMs = Date.now() + CLOSES_WITHIN_MS;
  while (await isBatchOpen(client, batchId)) {
    if (outcome === null || Date.now() > untilMs) return true;
    await sleep(100);
  }
  return false;
}

async function begin(client: RunClient, records: BatchRecords, start: BatchStart): Promise<"started" | "resumed" | "attached"> {
  const { batchId, generation, queues, job, model, signature, workflowTaskTimeoutMs } = start;
  const temporal = await client.temporal();
  const input: BatchInput = { ...start, spent: records.spent(), ...(generation > 1 && { countedRef: await putRecord(client.store, records.countedRuns()) }) };
  try {
    // Before the workflow: a command that is killed in between leaves a start without runs, and the next one goes on from there.
    await client.store.putNamed(recordName(workflowIdHex(batchId), generation, "start"), encodeRecord(start));
    await startVisibly(temporal, BATCH_WORKFLOW_TYPE, { ...(job !== undefined && { job }), batch: batchId, model }, (visible) => ({
      workflowId: batchId,
      taskQueue: queues.workflow,
      args: [{ ...input, ...(visible && { visible }) }],
      memo: { signature, rows: start.rows, generation },
      staticSummary: `batch of ${start.rows} rows: ${signature}`.slice(0, 200),
      workflowTaskTimeout: Math.max(workflowTaskTimeoutMs, 5000),
      workflowIdConflictPolicy: "FAIL",
      workflowIdReusePolicy: "ALLOW_DUPLICATE",
    }));
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    return "attached";
  }
  return generation === 1 ? "started" : "resumed";
}

function requireBatchId(batchId: string): void {
  requireWorkflowId(batchId);
  if (Buffer.byteLength(batchId) > MAX_ID_BYTES) throw new BatchError("invalid_rows", `The batch's id has ${Buffer.byteLength(batchId)} bytes; at most ${MAX_ID_BYTES} are taken. Choose a shorter --id.`);
}

/** A row that was run under a key must not be another one now. */
async function requireSameRows(records: BatchRecords, rows: readonly BatchRow[]): Promise<void> {
  const before = await records.planRows();
  const changed = before.flatMap(({ key, hash }, index) => (rows[index]?.key === key && rows[index].hash === hash ? [] : [index]));
  if (changed.length === 0) return;
  const lines = changed.slice(0, 10).map((index) => rows[index]?.line ?? `(gone: row ${index + 1})`).join(", ");
  throw new BatchError("batch_changed", `The batch "${records.batchId}" was started with other rows: lines ${lines}${changed.length > 10 ? " and more" : ""} differ.`, "Restore them, add new rows at the end only, or choose another --id.");
}

async function putPages({ store }: RunClient, rows: readonly BatchRow[]): Promise<readonly BatchPage[]> {
  const pages: BatchPage[] = [];
  let first = 0;
  while (first < rows.length) {
    let count = 0;
    for (let chars = 0; count < PAGE_ROWS && chars < PAGE_CHARS && first + count < rows.length; count += 1) chars += rowChars(rows[first + count]);
    pages.push({ ref: await putRecord(store, rows.slice(first, first + count)), first, count });
    first += count;
  }
  return pages;
}

function rowChars(row: BatchRow | undefined): number {
  return (row?.inputs ?? []).reduce((sum, input) => sum + ("text" in input ? input.text.length : 200), 0);
}
