import type { LinearMemory } from "./emscripten.js";
import { forEachRunOutside, PAGE_BYTES, type PageRun } from "./page-runs.js";
import { instantiate } from "./wasm/instantiate.js";
import { base64 } from "./wasm/page-hash.wasm.js";

interface PageHashExports {
  readonly hashes: LinearMemory;
  hash_pages(first: number, count: number): void;
  is_zero_page(page: number): number;
}

/** Words of a hash: 4 x 32 bits. */
export const HASH_WORDS = 4;
const PAGES_PER_CALL = 4096;
const BYTES_PER_HASH = 16;

/** Finds changed pages of an interpreter's memory without copying it. */
export class PageHasher {
  readonly #exports: PageHashExports;
  readonly #batch: Uint32Array;

  constructor(memory: LinearMemory) {
    this.#exports = instantiate(base64, memory) as PageHashExports;
    this.#batch = new Uint32Array(this.#exports.hashes.buffer);
  }

  /** Hashes of pages `[0, pages)`, four words each; zero words for those in `skipped`. */
  hash(pages: number, skipped: readonly PageRun[]): Uint32Array {
    const all = new Uint32Array(pages * HASH_WORDS);
    forEachRunOutside(skipped, pages, (first, count) => {
      for (let done = 0; done < count; done += PAGES_PER_CALL) {
        const n = Math.min(PAGES_PER_CALL, count - done);
        this.#exports.hash_pages(first + done, n);
        all.set(this.#batch.subarray(0, (n * BYTES_PER_HASH) / 4), (first + done) * HASH_WORDS);
      }
    });
    return all;
  }

  isZero(page: number): boolean {
    return this.#exports.is_zero_page(page) === 1;
  }
}

/** Page numbers whose hash differs from `before`; all that `before` does not cover. Pages of `skipped` never differ. */
export function changedPages(before: Uint32Array | null, now: Uint32Array, skipped: readonly PageRun[]): number[] {
  const changed: number[] = [];
  forEachRunOutside(skipped, now.length / HASH_WORDS, (first, count) => {
    for (let page = first; page < first + count; page++) {
      const at = page * HASH_WORDS;
      if (before === null || at >= before.length || differs(before, now, at)) changed.push(page);
    }
  });
  return changed;
}

function differs(a: Uint32Array, b: Uint32Array, at: number): boolean {
  return a[at] !== b[at] || a[at + 1] !== b[at + 1] || a[at + 2] !== b[at + 2] || a[at + 3] !== b[at + 3];
}

export function pagesOf(bytes: number): number {
  return Math.ceil(bytes / PAGE_BYTES);
}
