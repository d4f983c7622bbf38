import type { PyodideModule } from "./emscripten.js";
import type { ExtentTable } from "./extents.js";
import type { HostModules } from "./js-refs.js";
import type { PendingTimers } from "./pending-timers.js";

/** A Python object as JavaScript sees it. */
export interface PyProxy {
  destroy(): void;
}

export type PyFunction = (...args: readonly unknown[]) => unknown;

/** What we use of Pyodide's public API. */
export interface PyodideApi {
  pyimport(name: string): PyProxy & Record<string, unknown>;
  runPython(code: string): unknown;
  registerJsModule(name: string, module: object): void;
  setInterruptBuffer(buffer: object): void;
}

/** A running Python interpreter and what the engine knows about it. */
export interface Interpreter {
  readonly pyodide: PyodideApi;
  readonly module: PyodideModule;
  readonly hostModules: HostModules;
  /** Inputs that live in place. Replaced when inputs are loaded. */
  extents: ExtentTable;
  /** SHA-256 of the standard library's archive as the boot installed it: it is not stored as long as it is that. */
  readonly libraryDigest: string;
  /** Length of the function table before anything was loaded into it. */
  readonly bootTableLength: number;
  /** Digests of the compiled files that installed packages brought. Set once, in a base image. */
  installedExtensions: readonly string[];
  /** Page hashes of what was restored, taken before anything ran on it; `null` after a cold boot. */
  readonly restoredHashes: Uint32Array | null;
  readonly timers: PendingTimers;
  /** The interpreter's monotonic clock, in ms. */
  clockMs(): number;
  /** Python-side preparation of a capture. */
  beforeCapture(): void;
  /** Python's garbage collection; expensive for the next capture, because it touches every page with objects. */
  collectGarbage(): void;
}
