import type { BlobRef } from "../core/blob-ref.js";

/**
 * Content-addressed bytes plus a small write-once name space.
 *
 * Contract:
 * - Every write is durable when its promise resolves (fsync on disk) and may be repeated: equal bytes give the equal ref. To garbage collection a
 *   repeated write is as good as a first one (see blob-inventory.ts); `has` is no write: use `put` for what must stay.
 * - `get`, `getRange`, `localPath` throw `BlobNotFoundError` / `BlobCorruptError`; a wrong byte is never returned.
 * - `putNamed` is first-writer-wins: the bytes stored first stay; it returns what is stored.
 * - Infrastructure failure (disk full, no permission) throws `StoreUnavailableError`. The adapter does not retry.
 */
export interface BlobStore {
  put(bytes: Uint8Array | readonly Uint8Array[]): Promise<BlobRef>;
  /** Streams into the store without holding the whole in memory. */
  putStream(chunks: AsyncIterable<Uint8Array>): Promise<BlobRef>;
  /** The whole blob, digest verified. */
  get(digest: string): Promise<Uint8Array>;
  /** A slice. The digest of the whole is verified when this process first reads one of it. */
  getRange(digest: string, offset: number, length: number): Promise<Uint8Array>;
  /** The first bytes, not verified: to tell what a blob is without reading all of it. */
  getStart(digest: string, length: number): Promise<Uint8Array>;
  has(digest: string): Promise<boolean>;
  /** Path of a local, read-only file that holds the verified blob; stays valid until the blob is deleted. May be hard-linked. */
  localPath(digest: string): Promise<string>;

  /** `name`: segments of `[A-Za-z0-9._-]` joined by `/`. Returns the stored bytes: these, or those of an earlier writer. */
  putNamed(name: string, bytes: Uint8Array): Promise<Uint8Array>;
  getNamed(name: string): Promise<Uint8Array | null>;
  /** Names below `prefix/`, unordered. */
  listNamed(prefix: string): AsyncIterable<string>;
  deleteNamed(name: string): Promise<void>;
}
