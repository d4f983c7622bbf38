import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import type { PyodideModule } from "./emscripten.js";
import type { PyodideApi } from "./interpreter.js";
import { compile, withCompiled } from "./wasm/instantiate.js";

interface LoadOptions {
  readonly [option: string]: unknown;
  readonly createPyodideModule: (settings: object) => Promise<PyodideModule>;
}

interface PyodideFiles {
  readonly loadPyodide: (options: LoadOptions) => Promise<PyodideApi>;
  readonly createModule: (settings: object) => Promise<PyodideModule>;
}

/**
 * Compiles Pyodide, which takes a third of a boot, on other threads: begun first of all, it goes on beside everything else.
 * @param directory of the `pyodide` package
 */
export async function compilePyodide(directory: string): Promise<object> {
  return compile(readFileSync(`${directory}/pyodide.asm.wasm`));
}

/** Loads Pyodide's JavaScript, which finds clocks, timers and entropy as they are then. */
export async function importPyodide(directory: string): Promise<{ readonly loadPyodide: PyodideFiles["loadPyodide"]; readonly createModule: (settings: object, compiled: Promise<object>) => Promise<PyodideModule> }> {
  const { loadPyodide } = (await importFile(`${directory}/pyodide.mjs`)) as Pick<PyodideFiles, "loadPyodide">;
  const { default: createModule } = (await importFile(`${directory}/pyodide.asm.mjs`)) as { default: PyodideFiles["createModule"] };
  return {
    loadPyodide,
    createModule: async (settings, compiled) => {
      const module = await withCompiled(compiled, () => createModule(settings));
      // Pyodide's own way to its program, which is the module from here on, would keep the bytes of it, 10 MB, for ever.
      Reflect.deleteProperty(settings, "instantiateWasm");
      return module;
    },
  };
}

async function importFile(path: string): Promise<unknown> {
  return (await import(pathToFileURL(path).href)) as unknown;
}
