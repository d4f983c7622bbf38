import { stringifyExactJson, parseExactJson } from "../exact-json.js";
import type { BatchRow } from "../../core/batch-wire.js";
import type { BlobStore } from "../../store/blob-store.js";
import type { RecordedRow } from "./batch-records.js";

/** A line of the results, or of the errors (`outputs: null`). Integers keep every digit. Names are stable (docs/cli-json.md). */
export async function rowDocument(store: BlobStore, { key, line }: BatchRow, row: RecordedRow): Promise<string> {
  const { status, reason, outputsRef, workflowId, turns, llmCalls, usage } = row;
  const outputs = outputsRef === null ? null : parseExactJson(Buffer.from(await store.get(outputsRef.digest)).toString("utf8"));
  return stringifyExactJson({ id: key, line, status, reason, outputs, workflowId, turns, llmCalls, usage });
}

/** Whether the row has outputs; else it belongs to the errors. */
export function hasOutputs({ status }: RecordedRow): boolean {
  return status === "answered" || status === "degraded";
}
