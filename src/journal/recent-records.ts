import type { BlobRef } from "../core/blob-ref.js";
import type { BlobStore } from "../store/blob-store.js";
import { BoundedCache } from "./bounded-cache.js";

/** Bounds what one process keeps of one store, counted in bytes of JSON. */
const MAX_CACHED_BYTES = 16 * 2 ** 20;

const recentOf = new WeakMap<BlobStore, BoundedCache<object>>();

/**
 * As `getRecord`, for records that are read again in every turn: the whole conversation is, and its chain can only be read one record after the
 * other. Blobs never change, so what was read once needs no second look. Records are shared: never change one.
 */
export async function getRecentRecord<T extends object>(store: BlobStore, ref: BlobRef): Promise<T> {
  const recent = recentOf.get(store) ?? new BoundedCache<object>(MAX_CACHED_BYTES);
  recentOf.set(store, recent);
  const known = recent.get(ref.digest);
  if (known !== undefined) return known as T;
  const record = JSON.parse(Buffer.from(await store.get(ref.digest)).toString("utf8")) as T;
  recent.set(ref.digest, record, ref.bytes);
  return record;
}
