import type { PyodideModule } from "./emscripten.js";
import { SnapshotFormatError } from "./errors.js";
import { pagesInside } from "./extents.js";
import type { ImageState } from "./image-state.js";
import { INITIAL_MEMORY_BYTES } from "./memory-hashes.js";
import { PAGE_BYTES } from "./page-runs.js";
import { decodePart, type Part, PAGES_PER_GROUP } from "./part.js";
import { assertChain } from "./part-header.js";
import { decompress } from "./zstd.js";

/** A chain of parts, ready to be put into a fresh interpreter. */
export class RestorableImage {
  readonly state: ImageState;
  readonly heapBytes: number;
  readonly lastPartId: string;
  readonly #newestFirst: readonly Part[];

  /** @param parts oldest first. @throws {SnapshotFormatError | SnapshotBuildMismatchError} see `assertChain`. */
  constructor(parts: readonly Uint8Array[], buildId: string) {
    const decoded = parts.map(decodePart);
    assertChain(decoded.map(({ header }) => header), buildId);
    this.#newestFirst = decoded.reverse();
    const newest = this.#newestFirst[0];
    if (newest === undefined) throw new SnapshotFormatError("No snapshot part was given. Start from the base image.");
    this.state = newest.state;
    this.heapBytes = newest.header.heapBytes;
    this.lastPartId = newest.header.partId;
  }

  fileDigests(): string[] {
    return this.#newestFirst.flatMap(({ files }) => [...files.keys()]);
  }

  readFile(digest: string): Uint8Array {
    for (const { files } of this.#newestFirst) {
      const bytes = files.get(digest);
      // A copy of its own: MEMFS writes into the array.
      if (bytes !== undefined) return new Uint8Array(decompress(bytes));
    }
    throw new SnapshotFormatError(`The snapshot chain lacks the file ${digest}. Restore from an older snapshot.`);
  }

  /** Writes every stored page, the newest version of each; a group is decompressed only if it has a page that no newer part has. */
  fillMemory(module: PyodideModule): void {
    const done = new Uint8Array(this.heapBytes / PAGE_BYTES);
    for (const [first, count] of pagesInside(this.state.extents)) done.fill(1, first, first + count);
    for (const part of this.#newestFirst) {
      for (const [first, count] of part.zeroPages) zeroFill(module, done, first, count);
      part.groups.forEach((group, index) => {
        const pages = part.pages.subarray(index * PAGES_PER_GROUP, (index + 1) * PAGES_PER_GROUP);
        if (pages.some((page) => done[page] === 0)) fillGroup(module, done, pages, decompress(group));
      });
    }
  }
}

function zeroFill(module: PyodideModule, done: Uint8Array, first: number, count: number): void {
  for (let page = first; page < first + count; page++) {
    if (done[page] !== 0) continue;
    done[page] = 1;
    // Memory that was grown is zero already.
    if (page * PAGE_BYTES < INITIAL_MEMORY_BYTES) module.HEAPU8.fill(0, page * PAGE_BYTES, (page + 1) * PAGE_BYTES);
  }
}

function fillGroup(module: PyodideModule, done: Uint8Array, pages: Uint32Array, bytes: Uint8Array): void {
  pages.forEach((page, i) => {
    if (done[page] !== 0) return;
    done[page] = 1;
    module.HEAPU8.set(bytes.subarray(i * PAGE_BYTES, (i + 1) * PAGE_BYTES), page * PAGE_BYTES);
  });
}
