import type { LinearMemory } from "./emscripten.js";
import { forEachRunOutside, PAGE_BYTES, type PageRun } from "./page-runs.js";
import { instantiate } from "./wasm/instantiate.js";
import { base64 } from "./wasm/page-hash.wasm.js";

interface PageHashExports {
  readonly hashes: LinearMemory;
  hash_pages(first: number, count: number): void;
  scrub_pages(first: number, count: number): number;
}

/** Words of a hash: 4 x 32 bits. */
export const HASH_WORDS = 4;
/** Hash of a page of zeroes; test/snapshot holds it to what the module computes. */
const ZERO_PAGE_HASH = [0x951a6fc2, 0x1e6d0cff, 0xd2d3c28c, 0x4192f060] as const;
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

  /** Zeroes those of the pages that are not zero. Returns how many there were. */
  scrub([first, count]: PageRun): number {
    return this.#exports.scrub_pages(first, count);
  }
}

/** Enters the hash of a zero page for the pages of `runs`, as if they had been hashed. */
export function markZero(hashes: Uint32Array, runs: readonly PageRun[]): void {
  for (const [first, count] of runs) {
    for (let at = first * HASH_WORDS; at < (first + count) * HASH_WORDS && at < hashes.length; at += HASH_WORDS) hashes.set(ZERO_PAGE_HASH, at);
  }
}

export function isZeroPage(hashes: Uint32Array, page: number): boolean {
  return ZERO_PAGE_HASH.every((word, i) => hashes[page * HASH_WORDS + i] === word);
}

/** Page numbers whose hash differs from `before`; all that `before` does not cover. Pages of `skipped` never differ. */
export function changedPages(before: Uint32Array | null, now: Uint32Array, skipped: readonly PageRun[]): Uint32Array {
  const changed: number[] = [];
  forEachRunOutside(skipped, now.length / HASH_WORDS, (first, count) => {
    for (let page = first; page < first + count; page++) {
      const at = page * HASH_WORDS;
      if (before === null || at >= before.length || differs(before, now, at)) changed.push(page);
    }
  });
  return Uint32Array.from(changed);
}

function differs(a: Uint32Array, b: Uint32Array, at: number): boolean {
  return a[at] !== b[at] || a[at + 1] !== b[at + 1] || a[at + 2] !== b[at + 2] || a[at + 3] !== b[at + 3];
}

export function pagesOf(bytes: number): number {
  return Math.ceil(bytes / PAGE_BYTES);
}
