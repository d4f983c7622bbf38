import { assertFilesInside, assertPagesInside } from "./assert-restorable.js";
import type { PyodideModule } from "./emscripten.js";
import { SnapshotFormatError } from "./errors.js";
import { decodeExtents, ExtentTable } from "./extents.js";
import type { ImageState } from "./image-state.js";
import { FillPlan } from "./fill-plan.js";
import { PAGE_BYTES, type PageRun, pagesWhere } from "./page-runs.js";
import { decodePart, decodeState, inflate, type Part } from "./part.js";
import type { ChainLink } from "./part-chain.js";
import { assertChain } from "./part-header.js";

/** A chain of parts, ready to be put into a fresh interpreter. */
export class RestorableImage {
  readonly state: ImageState;
  readonly heapBytes: number;
  readonly extents: ExtentTable;
  readonly #newestFirst: readonly Part[];
  #fileBytesLeft: number;
  readonly #plan: FillPlan;

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
    this.#plan = new FillPlan(this.#newestFirst, this.heapBytes, this.extents.pagesInside);
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

  /** Writes every stored page, the newest version of each. Returns pages that were not touched and are zero, sorted. */
  fillMemory(module: PyodideModule): readonly PageRun[] {
    this.#plan.apply(module);
    return this.#plan.zeroPages;
  }
}

function withRuns(pages: Uint32Array, runs: readonly PageRun[], pageCount: number): Uint32Array {
  const flags = new Uint8Array(pageCount);
  for (const page of pages) flags[page] = 1;
  for (const [first, count] of runs) flags.fill(1, first, first + count);
  return pagesWhere(flags, 1);
}
