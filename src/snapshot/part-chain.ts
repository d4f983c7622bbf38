import { PAGE_BYTES, pagesWhere } from "./page-runs.js";

/** A part of the chain, as far as later parts need to know it. */
export interface ChainLink {
  readonly partId: string;
  /** Pages that the part stores or says are zero, ascending. */
  readonly pages: Uint32Array;
  readonly files: readonly string[];
}

/**
 * The parts that the interpreter's state consists of, oldest first; the first is self-contained and shared by many runs (the base image).
 *
 * A new part may take the place of the newest ones: it then holds their pages too, as they are now. That keeps chains short and bounds what a
 * restore reads, without ever writing the whole image again: a part is taken over only by one that is about as large. Pages that change every turn,
 * which most do, cost nothing extra. 48 turns make a chain of 4 to 8 parts.
 */
export class PartChain {
  #links: ChainLink[] = [];

  constructor(links: readonly ChainLink[] = []) {
    this.#links = [...links];
  }

  get length(): number {
    return this.#links.length;
  }

  /** How many of the oldest parts a new one with so many changed pages builds on. */
  partsToKeep(changedPages: number): number {
    let [keep, pages] = [this.#links.length, changedPages];
    for (let i = this.#links.length - 1; i > 0; i--) {
      const size = this.#links[i]?.pages.length ?? 0;
      if (size > Math.max(2 * pages, SMALL_PAGES)) break;
      pages += size;
      keep = i;
    }
    return this.#links.length - keep < MERGED_PARTS ? this.#links.length : keep;
  }

  /** Id of the newest of the `kept` oldest parts; `null`: none is kept. */
  parentOf(kept: number): string | null {
    return this.#links[kept - 1]?.partId ?? null;
  }

  /** Digests of the files in the `kept` oldest parts. */
  filesIn(kept: number): Set<string> {
    return new Set(this.#links.slice(0, kept).flatMap(({ files }) => files));
  }

  /** Pages of the parts above the `kept` oldest ones, and those changed since: ascending, each once. */
  changedSince(kept: number, changed: Uint32Array): Uint32Array {
    if (kept >= this.#links.length) return changed;
    const lists = [changed, ...this.#links.slice(kept).map(({ pages }) => pages)];
    const isChanged = new Uint8Array(Math.max(0, ...lists.map((pages) => (pages.at(-1) ?? -1) + 1)));
    for (const pages of lists) for (const page of pages) isChanged[page] = 1;
    return pagesWhere(isChanged, 1);
  }

  replace(kept: number, link: ChainLink): void {
    this.#links = [...this.#links.slice(0, kept), link];
  }
}

/** So many parts are taken over at once: the write of one turn in four is larger than the turn's own changes. */
const MERGED_PARTS = 4;
/** Parts below 4 MiB count as equally large. */
const SMALL_PAGES = (4 << 20) / PAGE_BYTES;
