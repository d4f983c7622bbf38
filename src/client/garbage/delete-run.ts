import type { BlobInventory } from "../../store/blob-inventory.js";
import { RunNotFoundError } from "../errors.js";
import type { RunClient } from "../run-client.js";
import { deleteTogether, readDoomed, type Doomed, type Removed } from "./delete-together.js";
import { findDescendants } from "./descendants.js";
import { listed } from "./listed.js";

export interface DeletedRun extends Removed {
  readonly workflowId: string;
  /** Workflow ids of its child runs, deleted with it. */
  readonly children: readonly string[];
}

/**
 * Deletes a closed run and its child runs: their manifests, their replies, the blobs that are theirs alone, and what the server remembers of them.
 * Children go first.
 * @throws RunNotFoundError, RunOpenError the run or a child of it is open
 */
export async function deleteRun(client: RunClient, inventory: BlobInventory, workflowId: string, { askServer }: { readonly askServer: boolean }): Promise<DeletedRun> {
  const entries = await listed(inventory.listEntries());
  const children = await findDescendants(client, [workflowId], askServer);
  const doomed: Doomed[] = [];
  for (const id of children) doomed.push(await readDoomed(client, id, { askServer, entries, of: `, a child run of "${workflowId}",` }));
  const run = await readDoomed(client, workflowId, { askServer, entries });
  if (run.executions.length + run.names.length === 0) throw new RunNotFoundError(workflowId);
  const removed = await deleteTogether(client, inventory, [...doomed, run], { askServer, touchedBeforeMs: run.closedAtMs });
  return { workflowId, children, ...removed };
}
