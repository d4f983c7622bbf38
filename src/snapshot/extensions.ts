import type { DynamicLibrary, PyodideModule } from "./emscripten.js";
import { SnapshotRefusedError } from "./errors.js";
import type { FileDigests } from "./file-digests.js";

/** A compiled library that an interpreter has loaded: where its memory and its functions are. */
export interface LoadedExtension {
  readonly name: string;
  /** SHA-256 of its file; the file is in the image. */
  readonly digest: string;
  /** C library's record of it. */
  readonly handle: number;
  readonly memoryBase: number;
  readonly memoryBytes: number;
  readonly tableBase: number;
}

/** The compiled side of an interpreter: only what packages of its base image brought. */
export interface ExtensionState {
  /** Digests of the compiled files of the installed packages: no others may be loaded. */
  readonly installed: readonly string[];
  /** In the order of loading. */
  readonly loaded: readonly LoadedExtension[];
  /** Length of the function table. */
  readonly tableLength: number;
  /** Places of the table that were filled one by one: `[place, library, symbol]`. */
  readonly slots: readonly (readonly [number, string, string])[];
}

/** Name of the interpreter itself in the table of libraries. */
const MAIN = "__main__";
/** Offsets in the C library's record of a loaded library (`struct dso`). */
const RECORD = { memoryBase: 12, memoryBytes: 16, tableBase: 20, tableLength: 24 } as const;

/**
 * Describes the libraries that were loaded since the boot, so that another process can load them at the same addresses.
 * @throws {SnapshotRefusedError} a compiled function is there that no installed package brought.
 */
export function captureExtensions(module: PyodideModule, digests: FileDigests, bootTableLength: number, installed: readonly string[]): ExtensionState {
  const tableLength = module.wasmTable.length;
  if (tableLength === bootTableLength) return { installed, loaded: [], tableLength, slots: [] };
  const { loadedLibsByHandle, loadedLibsByName } = module.LDSO;
  const loaded = Object.entries(loadedLibsByHandle)
    .filter(([handle]) => handle !== "0")
    .map(([handle, library]) => describeLibrary(module, digests, installed, Number(handle), library))
    .sort((a, b) => a.tableBase - b.tableBase || a.memoryBase - b.memoryBase);
  const known = new Set([MAIN, ...loaded.map(({ name }) => name)]);
  const other = Object.keys(loadedLibsByName).find((name) => !known.has(name));
  if (other !== undefined) throw refused(`the shared library ${other} was loaded`);
  const symbols = new Map<number, readonly [string, string]>();
  for (const name of known) {
    for (const [symbol, value] of Object.entries(loadedLibsByName[name]?.exports ?? {})) {
      const place = typeof value === "function" ? module.getFunctionAddress(value) : 0;
      if (place >= bootTableLength && !symbols.has(place)) symbols.set(place, [name, symbol]);
    }
  }
  const ranges = loaded.map(({ handle, tableBase }) => [tableBase, tableBase + word(module, handle + RECORD.tableLength)] as const);
  const slots: [number, string, string][] = [];
  for (let place = bootTableLength; place < tableLength; place++) {
    if (ranges.some(([from, to]) => place >= from && place < to)) continue;
    const symbol = symbols.get(place);
    if (symbol === undefined) throw refused("compiled functions were added to the interpreter (ctypes callbacks or the like)");
    slots.push([place, ...symbol]);
  }
  return { installed, loaded, tableLength, slots };
}

function describeLibrary(module: PyodideModule, digests: FileDigests, installed: readonly string[], handle: number, { name }: DynamicLibrary): LoadedExtension {
  const digest = fileDigest(module, digests, name);
  if (digest === null || !installed.includes(digest)) throw refused(`the compiled module ${name} was loaded, which is not (or no more) the file of an installed package`);
  return {
    name,
    digest,
    handle,
    memoryBase: word(module, handle + RECORD.memoryBase),
    memoryBytes: word(module, handle + RECORD.memoryBytes),
    tableBase: word(module, handle + RECORD.tableBase),
  };
}

function fileDigest({ FS }: PyodideModule, digests: FileDigests, path: string): string | null {
  try {
    return digests.of(FS.lookupPath(path).node);
  } catch {
    return null;
  }
}

function word({ HEAPU32 }: PyodideModule, address: number): number {
  return HEAPU32[address >>> 2] ?? 0;
}

function refused(what: string): SnapshotRefusedError {
  return new SnapshotRefusedError("wasm_table_grew", what, "Use compiled modules of the installed packages only, and no ctypes callbacks.");
}
