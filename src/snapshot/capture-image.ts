import { captureFileSystem } from "./capture-file-system.js";
import type { JsRefTable } from "./emscripten.js";
import { SnapshotRefusedError } from "./errors.js";
import type { FileDigests } from "./file-digests.js";
import { dropCachedUtf8 } from "./cached-utf8.js";
import { captureExtensions } from "./extensions.js";
import type { ExtentTable } from "./extents.js";
import { scrubFreeBlocks } from "./free-memory.js";
import type { ImageState } from "./image-state.js";
import type { Interpreter } from "./interpreter.js";
import { saveRef } from "./js-refs.js";
import { hashMemory, memoryDigest } from "./memory-hashes.js";
import type { PageHasher } from "./page-hasher.js";

/** The interpreter as it stands between two cells. Memory and files are not copied: valid until the interpreter runs again. */
export interface CapturedImage {
  readonly state: ImageState;
  readonly heapBytes: number;
  readonly hashes: Uint32Array;
  /** All regular files by digest, and the table of the extents. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly extents: ExtentTable;
}

/**
 * The part of a snapshot that nothing can be done before: looks at everything, hashes memory in place, and copies none of it.
 * @throws {SnapshotRefusedError} it holds something that cannot be kept; nothing has changed then.
 */
export function captureImage(interpreter: Interpreter, hasher: PageHasher, digests: FileDigests): CapturedImage {
  const { module, extents, libraryDigest, bootTableLength, installedExtensions, timers } = interpreter;
  const extensions = captureExtensions(module, digests, bootTableLength, installedExtensions);
  if (timers.count > 0) {
    throw new SnapshotRefusedError("timers_pending", `${timers.count} JavaScript timer${timers.count === 1 ? " is" : "s are"} pending`, "Await or cancel what you have scheduled; use asyncio.run or a plain loop.");
  }
  interpreter.beforeCapture();
  const jsRefs = saveJsRefs(interpreter);
  const files = new Map<string, Uint8Array>();
  const fileSystem = captureFileSystem(module.FS, { digests, libraryDigest, keep: (digest, bytes) => files.set(digest, bytes) });
  dropCachedUtf8(module, extents.all);
  const zeroPages = scrubFreeBlocks(module, hasher);
  const table = extents.encoded;
  if (table !== null) files.set(table.digest, table.bytes);
  const hashes = hashMemory(hasher, module, extents.pagesInside, zeroPages);
  const state: ImageState = {
    pyodideBuild: module.API.config.BUILD_ID,
    stackPointer: module.___stack_pointer.value,
    memory: memoryDigest(hashes),
    clockMs: interpreter.clockMs(),
    jsRefs,
    extents: table?.digest ?? null,
    fileSystem,
    extensions,
  };
  return { state, heapBytes: module.HEAPU8.length, hashes, files, extents };
}

/** A proxy may be garbage already, held by a cycle of an exception and its frame: looked at once more after a collection. */
function saveJsRefs({ module, hostModules, collectGarbage }: Interpreter): JsRefTable {
  const save = (): JsRefTable => module.API.serializeHiwireState((value) => saveRef(value, hostModules));
  try {
    return save();
  } catch (error) {
    if (!(error instanceof SnapshotRefusedError)) throw error;
    collectGarbage();
    return save();
  }
}
