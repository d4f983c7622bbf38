import { findRefs, type FoundRef } from "../../journal/find-refs.js";
import type { BlobInventory } from "../../store/blob-inventory.js";
import { BatchError, BatchNotFoundError } from "../batch/batch-error.js";
import { isBatchOpen } from "../batch/batch-open.js";
import type { RunClient } from "../run-client.js";
import { workflowIdHex } from "../workflow-id.js";
import { deleteTogether, readDoomed, type Doomed, type Removed } from "./delete-together.js";
import { findDescendants, findRows } from "./descendants.js";
import { listed } from "./listed.js";
import { findExecutions } from "./run-executions.js";

export interface DeletedBatch extends Removed {
  readonly batchId: string;
  /** Runs of its rows, and their child runs. */
  readonly runs: number;
}

/**
 * Deletes a closed batch: the runs of its rows, its records, the blobs that are theirs alone, and what the server remembers of them. The records go last:
 * killed in the middle, the batch is there to be deleted again.
 * @throws BatchNotFoundError
 * @throws BatchError, RunOpenError it is under way, or a row of it is
 */
export async function deleteBatch(client: RunClient, inventory: BlobInventory, batchId: string, { askServer }: { readonly askServer: boolean }): Promise<DeletedBatch> {
  const entries = await listed(inventory.listEntries());
  const records = entries.filter(({ name }) => name.startsWith(`batches/${workflowIdHex(batchId)}/`));
  if (records.length === 0) throw new BatchNotFoundError(batchId);
  if (askServer && (await isBatchOpen(client, batchId))) throw new BatchError("batch_busy", `The batch "${batchId}" is under way.`, `Stop it first: rlm batch cancel ${batchId}`);
  const rows = await findRows(client, batchId, askServer);
  const doomed: Doomed[] = [];
  for (const id of [...(await findDescendants(client, rows, askServer)), ...rows]) {
    doomed.push(await readDoomed(client, id, { askServer, entries, of: `, of the batch "${batchId}" (rlm batch cancel ${batchId} stops all of its rows),` }));
  }
  const refs: FoundRef[] = [];
  for (const { name } of records) refs.push(...findRefs(JSON.parse(Buffer.from((await client.store.getNamed(name)) ?? "null").toString("utf8"))));
  const closedAtMs = Math.max(...records.map(({ writtenAtMs }) => writtenAtMs), ...doomed.map((run) => run.closedAtMs));
  const executions = askServer ? await findExecutions(client, batchId) : [];
  const batch: Doomed = { workflowId: batchId, executions, names: records.map(({ name }) => name), refs, uuids: [], closedAtMs };
  return { batchId, runs: doomed.length, ...(await deleteTogether(client, inventory, [...doomed, batch], { askServer, touchedBeforeMs: closedAtMs })) };
}

/** Whether the store has a batch of this id. */
export async function isBatch({ store }: Pick<RunClient, "store">, id: string): Promise<boolean> {
  for await (const _record of store.listNamed(`batches/${workflowIdHex(id)}`)) return true;
  return false;
}
