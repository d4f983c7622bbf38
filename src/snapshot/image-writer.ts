import { captureImage } from "./capture-image.js";
import type { ExtentTable } from "./extents.js";
import { FileDigests } from "./file-digests.js";
import type { ImageState } from "./image-state.js";
import type { Interpreter } from "./interpreter.js";
import { INITIAL_MEMORY_BYTES } from "./memory-hashes.js";
import { changedPages, HASH_WORDS, isZeroPage, PageHasher } from "./page-hasher.js";
import { PAGE_BYTES, toRuns } from "./page-runs.js";
import { encodePart, PAGES_PER_GROUP } from "./part.js";
import type { PartChain } from "./part-chain.js";
import { compress } from "./zstd.js";

/** A part that is decided, and not yet compressed. Valid until the interpreter runs again. */
export interface CapturedPart {
  /** How many of the oldest parts of the chain it builds on; 0: self-contained. */
  readonly keptParts: number;
  readonly changedPages: number;
  readonly state: ImageState;
  readonly header: { readonly buildId: string; readonly parentId: string | null; readonly heapBytes: number };
  readonly hashes: Uint32Array;
  /** Pages to say something about, ascending. */
  readonly pages: Uint32Array;
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly extents: ExtentTable;
  /** The chain goes on as if this part had not been written. */
  readonly aside: boolean;
}

/** Writes the chain of one interpreter: knows what the parts so far contain, so that the next one holds changes only. */
export class ImageWriter {
  readonly #interpreter: Interpreter;
  readonly #hasher: PageHasher;
  readonly #digests: FileDigests;
  readonly #chain: PartChain;
  #hashes: Uint32Array | null;

  /** @param chain what was restored; empty after a cold boot. */
  constructor(interpreter: Interpreter, chain: PartChain) {
    const { module } = interpreter;
    this.#hashes = interpreter.restoredHashes;
    this.#interpreter = interpreter;
    this.#hasher = new PageHasher(module.memory);
    this.#digests = new FileDigests(module);
    this.#chain = chain;
  }

  /**
   * Captures the interpreter between cells: what has changed since the last part, or everything when there is none.
   * @param options.aside everything, in a part that stands alone; the chain goes on as if it had not been written
   * @throws {SnapshotRefusedError} it holds something that cannot be kept; nothing has changed then.
   */
  capture(buildId: string, { aside }: { aside: boolean }): CapturedPart {
    const { state, heapBytes, hashes, files, extents } = captureImage(this.#interpreter, this.#hasher, this.#digests);
    const changed = changedPages(aside ? null : this.#hashes, hashes, extents.pagesInside);
    const keptParts = aside ? 0 : this.#chain.partsToKeep(changed.length);
    const known = this.#chain.filesIn(keptParts);
    return {
      keptParts,
      changedPages: changed.length,
      state,
      header: { buildId, parentId: this.#chain.parentOf(keptParts), heapBytes },
      hashes,
      pages: keptParts === 0 ? changed : this.#chain.changedSince(keptParts, changed),
      files: new Map([...files].filter(([digest]) => !known.has(digest))),
      extents,
      aside,
    };
  }

  /** Compresses what was captured. The interpreter must not have run since. */
  write({ keptParts, state, header, hashes, pages: all, files, extents, aside }: CapturedPart): Uint8Array {
    const pages = all.filter((page) => !isZeroPage(hashes, page));
    // Where nothing lies below, memory that was grown is zero anyway.
    const zero = all.filter((page) => isZeroPage(hashes, page) && (keptParts > 0 || page * PAGE_BYTES < INITIAL_MEMORY_BYTES));
    const compressed = new Map([...files].map(([digest, bytes]) => [digest, compress(bytes)]));
    const part = { header, state, zeroPages: toRuns(zero), pages, groups: this.#groups(extents, pages), files: compressed };
    const { bytes, partId } = encodePart(part, hashesOf(pages, hashes));
    if (aside) return bytes;
    this.#hashes = hashes;
    this.#chain.replace(keptParts, { partId, pages: all, files: [...files.keys()] });
    return bytes;
  }

  #groups(extents: ExtentTable, pages: Uint32Array): Uint8Array[] {
    const { module } = this.#interpreter;
    const buffer = new Uint8Array(PAGES_PER_GROUP * PAGE_BYTES);
    const groups: Uint8Array[] = [];
    for (let first = 0; first < pages.length; first += PAGES_PER_GROUP) {
      const members = pages.subarray(first, first + PAGES_PER_GROUP);
      members.forEach((page, i) => {
        const copy = buffer.subarray(i * PAGE_BYTES, (i + 1) * PAGE_BYTES);
        copy.set(module.HEAPU8.subarray(page * PAGE_BYTES, (page + 1) * PAGE_BYTES));
        extents.mask(copy, page * PAGE_BYTES);
      });
      groups.push(compress(buffer.subarray(0, members.length * PAGE_BYTES)));
    }
    return groups;
  }
}

function hashesOf(pages: Uint32Array, hashes: Uint32Array): Uint32Array {
  const selected = new Uint32Array(pages.length * HASH_WORDS);
  pages.forEach((page, i) => selected.set(hashes.subarray(page * HASH_WORDS, (page + 1) * HASH_WORDS), i * HASH_WORDS));
  return selected;
}
