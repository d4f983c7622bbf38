import type { JsRefTable } from "./emscripten.js";
import type { ExtensionState } from "./extensions.js";
import type { FileSystemState } from "./file-system-state.js";

/** Everything of an interpreter that is not in its memory pages. JSON; stored whole with every part, the newest part's counts. */
export interface ImageState {
  readonly pyodideBuild: string;
  readonly stackPointer: number;
  /** SHA-256 of all memory, see `memoryDigest`. */
  readonly memory: string;
  /** `performance.now()` at the capture: a restored clock continues from here and never goes back. */
  readonly clockMs: number;
  readonly jsRefs: JsRefTable;
  /** Digest of the file of the part, or of one before it, that lists the extents; `null`: there are none. */
  readonly extents: string | null;
  readonly fileSystem: FileSystemState;
  readonly extensions: ExtensionState;
}
