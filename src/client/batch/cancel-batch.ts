import type { RunClient } from "../run-client.js";
import { isBatchOpen } from "./batch-open.js";

/**
 * Asks a batch to end: rows under way are cancelled, no other is started.
 * @returns whether it was under way
 * @throws BatchError the id belongs to a run
 */
export async function cancelBatch(client: RunClient, batchId: string): Promise<boolean> {
  const open = await isBatchOpen(client, batchId);
  if (open) await (await client.temporal()).workflow.getHandle(batchId).cancel();
  return open;
}
