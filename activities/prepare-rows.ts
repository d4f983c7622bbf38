import { createHash } from "node:crypto";
import { rowWorkflowId } from "../src/core/batch-decisions.js";
import type { BatchPlan, BatchRow, InlineInput, PreparedRow, PrepareRowsArgs, SettledRow } from "../src/core/batch-wire.js";
import type { Manifest } from "../src/core/manifest.js";
import { isDirect, type RunInputDescriptor } from "../src/core/run-spec.js";
import { findManifest } from "../src/journal/find-manifest.js";
import { getRecentRecord } from "../src/journal/recent-records.js";
import { putRecord } from "../src/journal/records.js";
import type { BlobStore } from "../src/store/blob-store.js";

/** Rows of one call at a time: each writes its inputs and its spec. */
const AT_ONCE = 8;

export interface RowPorts {
  readonly store: BlobStore;
  /** Of the workers of this version. */
  readonly replQueue: string;
  /** What the server knows of a run without a manifest. */
  readonly stateOf: (workflowId: string) => Promise<"open" | "closed" | "unknown">;
}

interface Preparation extends RowPorts, Pick<PrepareRowsArgs, "generation" | "retryFailed"> {
  readonly plan: BatchPlan;
  /** Ids of runs. */
  readonly counted: ReadonlySet<string>;
}

/** Stores the specs of some rows, so that their runs can be started; finds those that an earlier start of the batch has run, or has left running. */
export async function prepareRows(ports: RowPorts, { planRef, generation, retryFailed, countedRef, from, count }: PrepareRowsArgs): Promise<readonly PreparedRow[]> {
  const { store } = ports;
  const plan = await getRecentRecord<BatchPlan>(store, planRef);
  const counted = new Set(countedRef === undefined ? [] : await getRecentRecord<readonly string[]>(store, countedRef));
  const prepared: PreparedRow[] = [];
  const rows = await rowsOf(store, plan, from, count);
  for (let at = 0; at < rows.length; at += AT_ONCE) {
    prepared.push(...(await Promise.all(rows.slice(at, at + AT_ONCE).map((row, offset) => prepareRow({ ...ports, plan, generation, retryFailed, counted }, row, from + at + offset)))));
  }
  return prepared;
}

async function rowsOf(store: BlobStore, { pages }: BatchPlan, from: number, count: number): Promise<readonly BatchRow[]> {
  const found: BatchRow[] = [];
  for (const page of pages) {
    if (page.first + page.count <= from || page.first >= from + count) continue;
    const rows = await getRecentRecord<readonly BatchRow[]>(store, page.ref);
    found.push(...rows.slice(Math.max(0, from - page.first), from + count - page.first));
  }
  return found;
}

async function prepareRow({ store, replQueue, stateOf, plan, generation, retryFailed, counted }: Preparation, row: BatchRow, index: number): Promise<PreparedRow> {
  const keyDigest = createHash("sha256").update(row.key).digest("hex");
  const idOf = (each: number): string => rowWorkflowId(plan.batchId, row.key, keyDigest, each);
  for (let earlier = generation - 1; earlier >= 1; earlier -= 1) {
    const workflowId = idOf(earlier);
    let manifest = await findManifest(store, workflowId);
    if (manifest === null) {
      if ((await stateOf(workflowId)) === "open") return { index, open: workflowId };
      // It may have closed between the two questions.
      manifest = await findManifest(store, workflowId);
    }
    if (manifest === null || manifest.status === "cancelled") continue;
    if (manifest.status === "failed" && retryFailed) break;
    return { index, settled: settledRow(index, manifest), counted: counted.has(workflowId) };
  }
  const inputs = await Promise.all(row.inputs.map((input) => storedInput(store, input)));
  const all = [...plan.spec.inputs, ...inputs];
  const ordered = plan.spec.signature.inputs.flatMap(({ name }) => all.filter((input) => input.name === name));
  const specRef = await putRecord(store, { ...plan.spec, inputs: ordered });
  return { index, start: { workflowId: idOf(generation), specRef, direct: isDirect(plan.spec), replQueue } };
}

async function storedInput(store: BlobStore, input: RunInputDescriptor | InlineInput): Promise<RunInputDescriptor> {
  if ("ref" in input) return input;
  return { name: input.name, kind: input.kind, ref: await store.put(Buffer.from(input.text, "utf8")) };
}

/** A closed run as its row. */
export function settledRow(index: number, { workflowId, status, reason, outputsRef, turns, llmCalls, usage }: Manifest): SettledRow {
  return { index, status, reason: reason === null ? null : reason.slice(0, 300), workflowId, outputsRef, turns, llmCalls, usage };
}
