export interface StoredBlob {
  readonly digest: string;
  readonly bytes: number;
  /** When it was written, or last written again with the same bytes. */
  readonly touchedAtMs: number;
}

export interface StoredEntry {
  readonly name: string;
  readonly bytes: number;
  readonly writtenAtMs: number;
}

/**
 * What garbage collection needs of a store beside `BlobStore`.
 *
 * Contract: a `put` of bytes that are there already counts as writing them. `sweep` never removes a blob that was written at or after
 * `touchedBeforeMs`, also when that happens while it runs; killed in the middle, it has lost nothing.
 */
export interface BlobInventory {
  /** Every blob, unordered. */
  listBlobs(): AsyncIterable<StoredBlob>;
  /** Every named entry, unordered. */
  listEntries(): AsyncIterable<StoredEntry>;
  /** Removes these blobs but for those that were touched; returns what it removed. */
  sweep(digests: Iterable<string>, touchedBeforeMs: number): Promise<readonly StoredBlob[]>;
}
