import { createHash } from "node:crypto";
import { PAGE_BYTES, type PageRun } from "./page-runs.js";

/**
 * Immutable bytes of an input that live inside one pinned Python object. They are in the blob store already: neither hashed nor stored, and
 * refilled from the blob on restore. Invariant: the object is never freed, because a reference to it is kept by us (the pin).
 */
export interface Extent {
  readonly digest: string;
  readonly address: number;
  /** Bytes in memory. */
  readonly bytes: number;
  /** Bytes of the blob that they are made of: all of it, unless `jsonAt` is there. */
  readonly sourceBytes: number;
  /** Code units of so many bytes in memory; the blob is UTF-8. `raw`: memory holds ASCII text or `bytes`, byte for byte what the blob says. */
  readonly unit: "raw" | 1 | 2 | 4;
  /** Set for a string inside a JSON text: where it begins, behind its quote. Its escapes are resolved in memory. */
  readonly jsonAt?: number;
}

/** The extents of an interpreter, ready for questions about pages. */
export class ExtentTable {
  /** By address; they never overlap. */
  readonly #sorted: readonly Extent[];
  /** Runs of pages that lie wholly inside extents: sorted, disjoint. */
  readonly pagesInside: readonly PageRun[];

  /** The table as a file of a part; it is stored once, as it does not change after the start. `null`: there are none. */
  readonly encoded: { readonly digest: string; readonly bytes: Uint8Array } | null;

  constructor(readonly all: readonly Extent[]) {
    const table = Buffer.from(JSON.stringify(all));
    this.encoded = all.length === 0 ? null : { digest: createHash("sha256").update(table).digest("hex"), bytes: table };
    this.#sorted = [...all].sort((a, b) => a.address - b.address);
    this.pagesInside = this.#sorted
      .map(innerPages)
      .filter(([, count]) => count > 0);
  }

  /** Blanks the bytes of extents in `copy`, a copy of the page at `pageAddress`: pages that an extent fills only partly are stored without its bytes. */
  mask(copy: Uint8Array, pageAddress: number): void {
    for (let i = this.#firstEndingAfter(pageAddress); ; i++) {
      const extent = this.#sorted[i];
      if (extent === undefined || extent.address >= pageAddress + PAGE_BYTES) return;
      const from = Math.max(extent.address, pageAddress) - pageAddress;
      copy.fill(0, from, Math.min(extent.address + extent.bytes, pageAddress + PAGE_BYTES) - pageAddress);
    }
  }

  #firstEndingAfter(address: number): number {
    let [low, high] = [0, this.#sorted.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const extent = this.#sorted[middle];
      if (extent !== undefined && extent.address + extent.bytes <= address) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The pages that an extent fills wholly; their number may be negative. */
export function innerPages({ address, bytes }: Pick<Extent, "address" | "bytes">): PageRun {
  const first = Math.ceil(address / PAGE_BYTES);
  return [first, Math.floor((address + bytes) / PAGE_BYTES) - first];
}

/** Takes `ExtentTable.encoded` apart. */
export function decodeExtents(bytes: Uint8Array): Extent[] {
  return JSON.parse(new TextDecoder().decode(bytes)) as Extent[];
}
