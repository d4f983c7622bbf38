import type { PyodideModule } from "./emscripten.js";
import { SnapshotFormatError } from "./errors.js";
import { INITIAL_MEMORY_BYTES } from "./memory-hashes.js";
import { PAGE_BYTES, type PageRun, pagesWhere, toRuns } from "./page-runs.js";
import { inflate, type Part, PAGES_PER_GROUP } from "./part.js";

/* What is known of a page, newest part first. Memory that was grown is zero without being written. */
const OPEN = 0;
const UNTOUCHED = 1;
const ZERO = 2;
const DONE = 3;

/** A group of a part, and which of its pages no newer part has. */
interface Group {
  readonly part: Part;
  readonly index: number;
  readonly pages: Uint32Array;
  readonly wanted: readonly number[];
}

/** Which pages of a chain are written into a fresh memory, the newest version of each; groups that newer parts have replaced are not even unpacked. */
export class FillPlan {
  /** Pages that were not touched and are zero, sorted. */
  readonly zeroPages: readonly PageRun[];
  readonly #zeroed: number[] = [];
  readonly #groups: Group[] = [];

  /** @param inputPages those inside extents, which are none of ours. */
  constructor(newestFirst: readonly Part[], heapBytes: number, inputPages: readonly PageRun[]) {
    const known = new Uint8Array(heapBytes / PAGE_BYTES);
    known.fill(UNTOUCHED, INITIAL_MEMORY_BYTES / PAGE_BYTES);
    for (const [first, count] of inputPages) known.fill(DONE, first, first + count);
    for (const part of newestFirst) {
      for (const run of part.zeroPages) this.#planZero(known, run);
      part.groups.forEach((_, index) => this.#planGroup(known, part, index));
    }
    this.zeroPages = toRuns(pagesWhere(known, UNTOUCHED)).concat(toRuns(pagesWhere(known, ZERO))).sort((a, b) => a[0] - b[0]);
  }

  /** @throws {SnapshotFormatError} a damaged group; names the part. */
  apply(module: PyodideModule): void {
    for (const page of this.#zeroed) module.HEAPU8.fill(0, page * PAGE_BYTES, (page + 1) * PAGE_BYTES);
    for (const group of this.#groups) {
      const bytes = unpack(group);
      for (const i of group.wanted) module.HEAPU8.set(bytes.subarray(i * PAGE_BYTES, (i + 1) * PAGE_BYTES), (group.pages[i] ?? 0) * PAGE_BYTES);
    }
  }

  #planZero(known: Uint8Array, [first, count]: PageRun): void {
    for (let page = first; page < first + count; page++) {
      if (known[page] === OPEN) this.#zeroed.push(page);
      if (isOpen(known, page)) known[page] = ZERO;
    }
  }

  #planGroup(known: Uint8Array, part: Part, index: number): void {
    const pages = part.pages.subarray(index * PAGES_PER_GROUP, (index + 1) * PAGES_PER_GROUP);
    const wanted: number[] = [];
    pages.forEach((page, i) => {
      if (!isOpen(known, page)) return;
      wanted.push(i);
      known[page] = DONE;
    });
    if (wanted.length > 0) this.#groups.push({ part, index, pages, wanted });
  }
}

function isOpen(known: Uint8Array, page: number): boolean {
  return known[page] === OPEN || known[page] === UNTOUCHED;
}

function unpack({ part, index, pages }: Group): Uint8Array {
  const { groups, header } = part;
  const bytes = inflate(header.partId, `page group ${index}`, groups[index] ?? new Uint8Array(0), pages.length * PAGE_BYTES);
  if (bytes.length === pages.length * PAGE_BYTES) return bytes;
  throw new SnapshotFormatError(`Page group ${index} of snapshot part ${header.partId} has ${bytes.length} bytes where ${pages.length} pages are announced. Restore from an older snapshot.`);
}
