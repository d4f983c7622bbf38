import { setTimeout as sleep } from "node:timers/promises";
import type { RunClient } from "../run-client.js";
import { BatchError } from "./batch-error.js";
import { isBatchOpen } from "./batch-open.js";
import type { BatchRecords, RecordedRow } from "./batch-records.js";

const LOOK_EVERY_MS = 300;
/** The store tells of rows; whether the batch still lives only the server knows. */
const ASK_EVERY_MS = 3000;

/**
 * The rows of a batch as they settle, those settled before first. Ends when the batch's newest start is closed, or at `signal`. The server may be gone
 * for a while, and come back.
 * @throws BatchError it was ended from outside
 */
export async function* followBatch(client: RunClient, records: BatchRecords, signal?: AbortSignal): AsyncGenerator<readonly RecordedRow[]> {
  await records.look();
  yield [...records.rows.values()];
  let askedAtMs = Date.now();
  const left = (): boolean => signal?.aborted === true;
  while (records.outcome === null && !left()) {
    await sleep(LOOK_EVERY_MS);
    const fresh = await records.look();
    if (fresh.length > 0) yield fresh;
    if (records.outcome !== null || Date.now() - askedAtMs < ASK_EVERY_MS) continue;
    askedAtMs = Date.now();
    if (await isOpenNow(client, records.batchId)) continue;
    // It may have closed between the two looks.
    const last = await records.look();
    if (last.length > 0) yield last;
    if (records.outcome === null) throw new BatchError("batch_failed", `The batch "${records.batchId}" was ended from outside.`, "The same command again goes on with it.");
  }
}

async function isOpenNow(client: RunClient, batchId: string): Promise<boolean> {
  try {
    return await isBatchOpen(client, batchId);
  } catch (error) {
    if (error instanceof BatchError) throw error;
    await client.onUnavailable?.();
    return true;
  }
}
