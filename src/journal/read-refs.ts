import type { BlobRef } from "../core/blob-ref.js";
import type { BlobStore } from "../store/blob-store.js";
import { findRefs, type FoundRef } from "./find-refs.js";

const LENGTH_BYTES = 4;
const BRACE = 0x7b;

/**
 * The refs that a stored record holds: one of JSON, or one with a JSON header behind its length (packs, snapshots). Anything else holds none.
 * @throws BlobNotFoundError, BlobCorruptError
 */
export async function readRefs(store: BlobStore, { digest, bytes }: BlobRef): Promise<FoundRef[]> {
  const start = Buffer.from(await store.getStart(digest, LENGTH_BYTES + 1));
  if (start[0] === BRACE) return refsOf(await store.get(digest));
  if (start.byteLength <= LENGTH_BYTES || start[LENGTH_BYTES] !== BRACE) return [];
  const length = start.readUInt32LE();
  return length + LENGTH_BYTES > bytes ? [] : refsOf((await store.getStart(digest, LENGTH_BYTES + length)).subarray(LENGTH_BYTES));
}

/** What is no JSON after all is a text that begins like it. */
function refsOf(bytes: Uint8Array): FoundRef[] {
  try {
    return findRefs(JSON.parse(Buffer.from(bytes).toString("utf8")));
  } catch {
    return [];
  }
}
