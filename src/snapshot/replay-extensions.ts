import type { LibraryExports, PyodideModule } from "./emscripten.js";
import { SnapshotFormatError } from "./errors.js";
import type { ExtensionState, LoadedExtension } from "./extensions.js";
import { instantiateLibrary } from "./wasm/instantiate.js";

/**
 * Loads the compiled libraries of an image at the addresses they had. Call when memory has its full size and before it is filled: loading writes
 * the libraries' first data, and the image has what became of it. So nothing of a library runs here, neither relocations nor constructors.
 */
export function replayExtensions(module: PyodideModule, state: ExtensionState, readFile: (digest: string) => Uint8Array): void {
  const { wasmTable, LDSO } = module;
  if (state.loaded.length === 0) return;
  if (wasmTable.length > (state.loaded[0]?.tableBase ?? 0)) throw new SnapshotFormatError("The function table of the interpreter is larger than the snapshot's. Use a worker of the version that wrote it.");
  wasmTable.grow(state.tableLength - wasmTable.length);
  for (const library of state.loaded) {
    const exports = instantiate(module, library, readFile(library.digest));
    LDSO.loadedLibsByName[library.name] = LDSO.loadedLibsByHandle[library.handle] = { refcount: Infinity, name: library.name, global: false, exports };
    module.HEAPU8.fill(0, library.memoryBase, library.memoryBase + library.memoryBytes);
  }
  // Into their old places, before anything looks them up and finds them missing.
  for (const [place, name, symbol] of state.slots) {
    const callable = LDSO.loadedLibsByName[name]?.exports[symbol];
    if (typeof callable !== "function") throw new SnapshotFormatError(`The library ${name} lacks the function ${symbol}. Restore from an older snapshot.`);
    module.freeTableIndexes.push(place);
    if (module.addFunction(callable, callable.sig) !== place) throw new SnapshotFormatError(`The function ${symbol} of ${name} has another place in this process. Restore from an older snapshot.`);
  }
  for (const { name } of state.loaded) module.updateGOT(LDSO.loadedLibsByName[name]?.exports ?? {});
  module.reportUndefinedSymbols();
  if (wasmTable.length !== state.tableLength) throw new SnapshotFormatError(`The function table has ${wasmTable.length} places where the snapshot has ${state.tableLength}. Restore from an older snapshot.`);
}

/** As Emscripten's `loadWebAssemblyModule`, but at given addresses. */
function instantiate(module: PyodideModule, { memoryBase, tableBase }: LoadedExtension, bytes: Uint8Array): LibraryExports {
  const { weakImports, tableSize } = module.getDylinkMetadata(bytes);
  const main = module.LDSO.loadedLibsByName["__main__"]?.exports ?? {};
  let exports: LibraryExports = {};
  const late = new Map<string, (...args: readonly unknown[]) => unknown>();
  const environment = new Proxy<Record<string, unknown>>({}, {
    get(_target, name: string) {
      if (name === "__memory_base") return memoryBase;
      if (name === "__table_base") return tableBase;
      const own = main[name];
      if (own !== undefined && own.stub !== true) return own;
      // An import that the library itself exports: known only when it is there.
      let stub = late.get(name);
      if (stub === undefined) late.set(name, (stub = (...args) => (exports[name] as (...args: readonly unknown[]) => unknown)(...args)));
      return stub;
    },
  });
  const got = new Proxy(weakImports, module.GOTHandler) as unknown as Record<string, unknown>;
  const made = instantiateLibrary(bytes, { "GOT.mem": got, "GOT.func": got, env: environment, wasi_snapshot_preview1: environment });
  module.updateTableMap(tableBase, tableSize);
  exports = module.relocateExports(made, memoryBase);
  return exports;
}
