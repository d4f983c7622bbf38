import type { BlobRef } from "../core/blob-ref.js";
import type { TurnRecord } from "../core/trajectory.js";
import type { BlobStore } from "../store/blob-store.js";
import { getRecentRecord } from "./recent-records.js";

/** A record as bytes. Key order is that of the object, so equal records made the same way have equal digests. */
export function encodeRecord(record: object): Uint8Array {
  return Buffer.from(JSON.stringify(record), "utf8");
}

export async function putRecord(store: BlobStore, record: object): Promise<BlobRef> {
  return store.put(encodeRecord(record));
}

/** Reads a JSON blob written by `putRecord`; the caller names the type that the ref's place in the wire types promises. */
export async function getRecord<T extends object>(store: BlobStore, ref: BlobRef): Promise<T> {
  return JSON.parse(Buffer.from(await store.get(ref.digest)).toString("utf8")) as T;
}

/** A turn and where its record is. */
export interface StoredTurn {
  readonly ref: BlobRef;
  readonly record: TurnRecord;
}

/** The turns of a run, oldest first. */
export async function readTurnChain(store: BlobStore, head: BlobRef | null): Promise<StoredTurn[]> {
  const turns: StoredTurn[] = [];
  for (let ref = head; ref !== null; ) {
    const record: TurnRecord = await getRecentRecord<TurnRecord>(store, ref);
    turns.push({ ref, record });
    ref = record.prev;
  }
  return turns.reverse();
}
