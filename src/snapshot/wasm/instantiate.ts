import type { LibraryExports, LinearMemory } from "../emscripten.js";

/** The little of the WebAssembly API that we use; Node's type package does not declare it. */
interface WebAssemblyApi {
  compile(bytes: Uint8Array): Promise<object>;
  instantiate(source: object, imports?: object): Promise<unknown>;
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: Record<string, Record<string, unknown>>) => { readonly exports: unknown };
}

const wasm = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;

/** Instantiates one of our own modules on the interpreter's memory. */
export function instantiate(base64: string, memory: LinearMemory): unknown {
  const module = new wasm.Module(new Uint8Array(Buffer.from(base64, "base64")));
  return new wasm.Instance(module, { pyodide: { memory } }).exports;
}

/** Instantiates a compiled library of Python's; its data segments are written at once. */
export function instantiateLibrary(bytes: Uint8Array, imports: Record<string, Record<string, unknown>>): LibraryExports {
  return new wasm.Instance(new wasm.Module(bytes), imports).exports as LibraryExports;
}

/** Compiles on other threads. */
export async function compile(bytes: Uint8Array): Promise<object> {
  return wasm.compile(bytes);
}

/** While `create` runs, bytes that it wants to have instantiated are taken to be those of `compiled`. */
export async function withCompiled<T>(compiled: Promise<object>, create: () => Promise<T>): Promise<T> {
  const { instantiate: original } = wasm;
  wasm.instantiate = async (source, imports) => {
    if (source instanceof wasm.Module) return original(source, imports);
    const module = await compiled;
    return { module, instance: await original(module, imports) };
  };
  try {
    return await create();
  } finally {
    wasm.instantiate = original;
  }
}
