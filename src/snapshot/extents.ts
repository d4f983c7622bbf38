import { PAGE_BYTES, type PageRun } from "./page-runs.js";

/**
 * A large immutable input that lives inside one pinned Python object. Its bytes are in the blob store already: they are neither hashed nor
 * stored, and refilled from the blob on restore. Invariant: the object is never freed, because the creator's reference is kept (the pin).
 */
export interface Extent {
  readonly digest: string;
  readonly address: number;
  /** Bytes in memory. */
  readonly bytes: number;
  /** Bytes of the blob. */
  readonly sourceBytes: number;
  /** `raw`: memory holds the blob's bytes. Else the blob is UTF-8 and memory holds code units of that many bytes. */
  readonly unit: "raw" | 1 | 2 | 4;
}

/** Runs of pages that lie wholly inside extents: sorted, disjoint. */
export function pagesInside(extents: readonly Extent[]): PageRun[] {
  return extents
    .map(({ address, bytes }): PageRun => {
      const first = Math.ceil(address / PAGE_BYTES);
      return [first, Math.floor((address + bytes) / PAGE_BYTES) - first];
    })
    .filter(([, count]) => count > 0)
    .sort((a, b) => a[0] - b[0]);
}

/** Blanks the bytes of extents in `copy`, a copy of the page at `pageAddress`: pages that an extent fills only partly are stored without its bytes. */
export function maskExtents(extents: readonly Extent[], copy: Uint8Array, pageAddress: number): void {
  for (const { address, bytes } of extents) {
    const from = Math.max(address, pageAddress) - pageAddress;
    const to = Math.min(address + bytes, pageAddress + PAGE_BYTES) - pageAddress;
    if (from < to) copy.fill(0, from, to);
  }
}
