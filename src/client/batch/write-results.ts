import type { BatchRow } from "../../core/batch-wire.js";
import type { ResultsWriter } from "../../batch/results-writer.js";
import type { BlobStore } from "../../store/blob-store.js";
import type { RecordedRow } from "./batch-records.js";
import { hasOutputs, rowDocument } from "./row-document.js";

/** So many rows are read and written at a time: their outputs are in memory then. */
const AT_ONCE = 64;

/** Adds settled rows to the files; those that are there already are left out. A row that was cancelled has no line: it is run again. */
export async function writeResults(store: BlobStore, plan: readonly BatchRow[], writer: ResultsWriter, rows: readonly RecordedRow[]): Promise<void> {
  const wanted = rows.flatMap((row) => {
    const planned = plan[row.index];
    const ok = hasOutputs(row);
    if (planned === undefined || row.status === "cancelled" || writer.has({ id: planned.key, workflowId: row.workflowId, ok })) return [];
    return [{ row, planned, ok }];
  });
  for (let at = 0; at < wanted.length; at += AT_ONCE) {
    const part = wanted.slice(at, at + AT_ONCE);
    await writer.write(await Promise.all(part.map(async ({ row, planned, ok }) => ({ id: planned.key, workflowId: row.workflowId, ok, text: await rowDocument(store, planned, row) }))));
  }
}
