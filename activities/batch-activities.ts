import { Context } from "@temporalio/activity";
import type { BlobRef } from "../src/core/blob-ref.js";
import { recordName } from "../src/core/batch-decisions.js";
import type { AwaitRowsArgs, BatchOutcome, BatchPlan, PreparedRow, PrepareRowsArgs, RecordRowsArgs, SettledRow } from "../src/core/batch-wire.js";
import { encodeRecord } from "../src/journal/records.js";
import { getRecentRecord } from "../src/journal/recent-records.js";
import { awaitRows } from "./await-rows.js";
import type { BatchDeps } from "./deps.js";
import { prepareRows } from "./prepare-rows.js";
import { runState } from "./run-state.js";
import { withContext } from "./with-context.js";

/** What a batch needs beside the runs of its rows. Repeating any of it changes nothing. */
export function createBatchActivities({ store, replQueue }: BatchDeps) {
  const put = (batchId: string, generation: number, name: number | "outcome", record: object): Promise<Uint8Array> =>
    store.putNamed(recordName(Buffer.from(batchId, "utf8").toString("hex"), generation, name), encodeRecord(record));
  return {
    prepareRows: (args: PrepareRowsArgs): Promise<readonly PreparedRow[]> =>
      withContext(() => {
        const { workflow } = Context.current().client;
        return prepareRows({ store, replQueue, stateOf: (workflowId) => runState(workflow, workflowId) }, args);
      }),
    awaitRows: ({ rows }: AwaitRowsArgs): Promise<readonly SettledRow[]> => withContext(({ signal }) => awaitRows(store, rows, signal)),
    recordRows: ({ planRef, generation, number, rows }: RecordRowsArgs): Promise<void> =>
      withContext(async () => void (await put((await getRecentRecord<BatchPlan>(store, planRef)).batchId, generation, number, rows))),
    /** The outcome as a named record and as a blob, which sinks are told. */
    closeBatch: ({ outcome }: { readonly outcome: BatchOutcome }): Promise<BlobRef> =>
      withContext(async () => store.put(await put(outcome.batchId, outcome.generation, "outcome", outcome))),
  };
}
