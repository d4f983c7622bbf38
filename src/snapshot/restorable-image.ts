import { assertFilesInside, assertPagesInside } from "./assert-restorable.js";
import type { PyodideModule } from "./emscripten.js";
import { SnapshotFormatError } from "./errors.js";
import { decodeExtents, ExtentTable } from "./extents.js";
import type { ImageState } from "./image-state.js";
import { INITIAL_MEMORY_BYTES } from "./memory-hashes.js";
import { PAGE_BYTES, type PageRun, pagesWhere, toRuns } from "./page-runs.js";
import { decodePart, decodeState, type Part, PAGES_PER_GROUP } from "./part.js";
import type { ChainLink } from "./part-chain.js";
import { assertChain } from "./part-header.js";
import { decompress } from "./zstd.js";

/** A chain of parts, ready to be put into a fresh interpreter. */
export class RestorableImage {
  readonly state: ImageState;
  readonly heapBytes: number;
  readonly extents: ExtentTable;
  readonly #newestFirst: readonly Part[];
  #fileBytesLeft: number;

  /**
   * @param parts oldest first.
   * @param maxFileBytes all that their files may unpack to.
   * @throws {SnapshotFormatError | SnapshotBuildMismatchError} see `assertChain` and assert-restorable.ts.
   */
  constructor(parts: readonly Uint8Array[], buildId: string, maxFileBytes: number) {
    this.#fileBytesLeft = maxFileBytes;
    const decoded = parts.map(decodePart);
    assertChain(decoded.map(({ header }) => header), buildId);
    this.#newestFirst = decoded.reverse();
    const newest = this.#newestFirst[0];
    if (newest === undefined) throw new SnapshotFormatError("No snapshot part was given. Start from the base image.");
    this.state = decodeState(newest);
    this.heapBytes = newest.header.heapBytes;
    for (const part of decoded) assertPagesInside(part, this.heapBytes);
    assertFilesInside(this.state.fileSystem);
    this.extents = new ExtentTable(this.state.extents === null ? [] : decodeExtents(this.readFile(this.state.extents)));
  }

  readFile(digest: string): Uint8Array {
    for (const { header, files } of this.#newestFirst) {
      const bytes = files.get(digest);
      if (bytes === undefined) continue;
      const file = inflate(header.partId, `file ${digest}`, bytes, this.#fileBytesLeft);
      this.#fileBytesLeft -= file.length;
      // A copy of its own: MEMFS writes into the array.
      return new Uint8Array(file);
    }
    throw new SnapshotFormatError(`The snapshot chain lacks the file ${digest}. Restore from an older snapshot.`);
  }

  /** The parts as a writer must know them to add another. */
  links(): ChainLink[] {
    return [...this.#newestFirst].reverse().map(({ header, pages, zeroPages, files }) => ({
      partId: header.partId,
      pages: withRuns(pages, zeroPages, this.heapBytes / PAGE_BYTES),
      files: [...files.keys()],
    }));
  }

  /**
   * Writes every stored page, the newest version of each; a group is decompressed only if it has a page that no newer part has.
   * @returns pages that were not touched and are zero, sorted.
   */
  fillMemory(module: PyodideModule): PageRun[] {
    const done = new Uint8Array(this.heapBytes / PAGE_BYTES);
    const initialPages = INITIAL_MEMORY_BYTES / PAGE_BYTES;
    done.fill(UNTOUCHED, initialPages);
    for (const [first, count] of this.extents.pagesInside) done.fill(DONE, first, first + count);
    for (const part of this.#newestFirst) {
      for (const [first, count] of part.zeroPages) zeroFill(module, done, first, count);
      part.groups.forEach((group, index) => {
        const pages = part.pages.subarray(index * PAGES_PER_GROUP, (index + 1) * PAGES_PER_GROUP);
        if (pages.some((page) => isOpen(done, page))) fillGroup(module, done, pages, unpackGroup(part, index, group, pages.length));
      });
    }
    return toRuns(pagesWhere(done, UNTOUCHED)).concat(toRuns(pagesWhere(done, ZERO))).sort((a, b) => a[0] - b[0]);
  }
}

/* What is known of a page while memory is filled, newest part first. Memory that was grown is zero without being written. */
const OPEN = 0;
const UNTOUCHED = 1;
const ZERO = 2;
const DONE = 3;

function isOpen(done: Uint8Array, page: number): boolean {
  return done[page] === OPEN || done[page] === UNTOUCHED;
}

function zeroFill(module: PyodideModule, done: Uint8Array, first: number, count: number): void {
  for (let page = first; page < first + count; page++) {
    if (done[page] === OPEN) module.HEAPU8.fill(0, page * PAGE_BYTES, (page + 1) * PAGE_BYTES);
    if (isOpen(done, page)) done[page] = ZERO;
  }
}

function fillGroup(module: PyodideModule, done: Uint8Array, pages: Uint32Array, bytes: Uint8Array): void {
  pages.forEach((page, i) => {
    if (!isOpen(done, page)) return;
    done[page] = DONE;
    module.HEAPU8.set(bytes.subarray(i * PAGE_BYTES, (i + 1) * PAGE_BYTES), page * PAGE_BYTES);
  });
}

function unpackGroup({ header }: Part, index: number, group: Uint8Array, pages: number): Uint8Array {
  const bytes = inflate(header.partId, `page group ${index}`, group, pages * PAGE_BYTES);
  if (bytes.length === pages * PAGE_BYTES) return bytes;
  throw new SnapshotFormatError(`Page group ${index} of snapshot part ${header.partId} has ${bytes.length} bytes where ${pages} pages are announced. Restore from an older snapshot.`);
}

/** @throws {SnapshotFormatError} damaged, or more than it may be: names the part. */
function inflate(partId: string, what: string, bytes: Uint8Array, maxBytes: number): Uint8Array {
  try {
    return decompress(bytes, maxBytes);
  } catch (cause) {
    const problem = cause instanceof RangeError ? `unpacks to more than the ${maxBytes} bytes that are left for it` : "is damaged";
    throw new SnapshotFormatError(`The ${what} of snapshot part ${partId} ${problem}. Restore from an older snapshot.`, { cause });
  }
}

function withRuns(pages: Uint32Array, runs: readonly PageRun[], pageCount: number): Uint32Array {
  const flags = new Uint8Array(pageCount);
  for (const page of pages) flags[page] = 1;
  for (const [first, count] of runs) flags.fill(1, first, first + count);
  return pagesWhere(flags, 1);
}
