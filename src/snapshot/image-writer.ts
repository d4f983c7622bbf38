import { captureFileSystem } from "./capture-file-system.js";
import type { JsRefTable } from "./emscripten.js";
import { SnapshotRefusedError } from "./errors.js";
import { maskExtents, pagesInside } from "./extents.js";
import { FileDigests } from "./file-digests.js";
import { dropCachedUtf8, scrubFreeBlocks } from "./free-memory.js";
import type { ImageState } from "./image-state.js";
import type { Interpreter } from "./interpreter.js";
import { saveRef } from "./js-refs.js";
import { hashMemory } from "./memory-hashes.js";
import { changedPages, HASH_WORDS, PageHasher } from "./page-hasher.js";
import { PAGE_BYTES, toRuns } from "./page-runs.js";
import { encodePart, PAGES_PER_GROUP } from "./part.js";
import { compress } from "./zstd.js";

export interface WriteOptions {
  readonly selfContained: boolean;
  /** The chain goes on as if this part had not been written. @default false */
  readonly aside?: boolean;
}

export interface WrittenPart {
  readonly bytes: Uint8Array;
  readonly selfContained: boolean;
  readonly dirtyPages: number;
}

/** Writes the chain of one interpreter: knows what the parts so far contain, so that the next one holds changes only. */
export class ImageWriter {
  readonly #interpreter: Interpreter;
  readonly #hasher: PageHasher;
  readonly #digests: FileDigests;
  #hashes: Uint32Array | null = null;
  #storedFiles = new Set<string>();
  #lastPartId: string | null = null;

  constructor(interpreter: Interpreter) {
    const { module } = interpreter;
    this.#hashes = interpreter.restoredHashes;
    this.#interpreter = interpreter;
    this.#hasher = new PageHasher(module.memory);
    this.#digests = new FileDigests(module);
  }

  /** After a restore: the next part continues the chain that ends in `lastPartId`. */
  continueFrom(lastPartId: string, storedFiles: Iterable<string>): void {
    this.#storedFiles = new Set(storedFiles);
    this.#lastPartId = lastPartId;
  }

  /**
   * Captures the interpreter between cells: the increment against the last part, or everything.
   * @throws {SnapshotRefusedError} it holds something that cannot be kept; nothing has changed then.
   */
  write(buildId: string, options: WriteOptions): WrittenPart {
    const { module, extents, libraryDigest, wasmTableSize } = this.#interpreter;
    if (module.wasmTable.length !== wasmTableSize) {
      throw new SnapshotRefusedError("wasm_table_grew", "compiled functions were added to the interpreter (ctypes callbacks or extension modules)", "Do without ctypes callbacks and binary extensions.");
    }
    this.#interpreter.beforeCapture();
    const jsRefs = this.#saveJsRefs();
    dropCachedUtf8(module, extents);
    scrubFreeBlocks(module);
    const selfContained = options.selfContained || this.#lastPartId === null;
    const stored = selfContained ? new Set<string>() : new Set(this.#storedFiles);
    const files = new Map<string, Uint8Array>();
    const keep = (digest: string, bytes: Uint8Array): void => {
      if (stored.has(digest)) return;
      stored.add(digest);
      files.set(digest, compress(bytes));
    };
    const state: ImageState = {
      pyodideBuild: module.API.config.BUILD_ID,
      stackPointer: module.___stack_pointer.value,
      clockMs: this.#interpreter.clockMs(),
      jsRefs,
      extents,
      fileSystem: captureFileSystem(module.FS, { digests: this.#digests, libraryDigest, keep }),
    };
    const hashes = hashMemory(this.#hasher, module, extents);
    const dirty = changedPages(selfContained ? null : this.#hashes, hashes, pagesInside(extents));
    const zero = dirty.filter((page) => this.#hasher.isZero(page));
    const isZero = new Set(zero);
    const pages = Uint32Array.from(dirty.filter((page) => !isZero.has(page)));
    const header = { buildId, parentId: selfContained ? null : this.#lastPartId, heapBytes: module.HEAPU8.length };
    const part = { header, state, zeroPages: toRuns(zero), pages, groups: this.#groups(pages), files };
    const { bytes, partId } = encodePart(part, hashesOf(pages, hashes));
    if (options.aside !== true) {
      this.#hashes = hashes;
      this.#storedFiles = stored;
      this.#lastPartId = partId;
    }
    return { bytes, selfContained, dirtyPages: dirty.length };
  }

  /** A proxy may be garbage already, held by a cycle of an exception and its frame: looked at once more after a collection. */
  #saveJsRefs(): JsRefTable {
    const { module, hostModules, collectGarbage } = this.#interpreter;
    const save = (): JsRefTable => module.API.serializeHiwireState((value) => saveRef(value, hostModules));
    try {
      return save();
    } catch (error) {
      if (!(error instanceof SnapshotRefusedError)) throw error;
      collectGarbage();
      return save();
    }
  }

  #groups(pages: Uint32Array): Uint8Array[] {
    const { module, extents } = this.#interpreter;
    const buffer = new Uint8Array(PAGES_PER_GROUP * PAGE_BYTES);
    const groups: Uint8Array[] = [];
    for (let first = 0; first < pages.length; first += PAGES_PER_GROUP) {
      const members = pages.subarray(first, first + PAGES_PER_GROUP);
      members.forEach((page, i) => {
        const copy = buffer.subarray(i * PAGE_BYTES, (i + 1) * PAGE_BYTES);
        copy.set(module.HEAPU8.subarray(page * PAGE_BYTES, (page + 1) * PAGE_BYTES));
        maskExtents(extents, copy, page * PAGE_BYTES);
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
