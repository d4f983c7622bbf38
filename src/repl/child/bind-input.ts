import { ExtentTable, type Extent } from "../../snapshot/extents.js";
import type { Interpreter, PyFunction } from "../../snapshot/interpreter.js";
import { ENGINE_MODULE } from "../../snapshot/interpreter-side.js";
import { pinJsonStrings, SMALLEST_JSON_EXTENT_BYTES } from "../../snapshot/json-extents.js";
import { loadInput } from "../../snapshot/load-input.js";
import type { Utf8Decoder } from "../../snapshot/utf8-decoder.js";
import type { SessionInput } from "../session.js";

/** Binds an input to a Python variable; what is large in it becomes an extent: pinned where it lies, not hashed, not stored, refilled on a restore. */
export async function bindInput(interpreter: Interpreter, decoder: Utf8Decoder, { name, kind, digest, path }: SessionInput): Promise<void> {
  const { module, pyodide } = interpreter;
  const engine = pyodide.pyimport(ENGINE_MODULE);
  const isJson = kind === "json";
  const { object, extent } = await loadInput(module, decoder, { kind: isJson ? "text" : kind, digest, path });
  const dict = Number((engine[isJson ? "scratch_address" : "namespace_address"] as PyFunction)());
  setItem(interpreter, dict, isJson ? "text" : name, object);
  if (isJson) {
    module._Py_DecRef(object);
    (engine["bind_json"] as PyFunction)(name);
    const large = String((engine["large_texts"] as PyFunction)(name, SMALLEST_JSON_EXTENT_BYTES));
    if (large !== "") addExtents(interpreter, pinJsonStrings(module, { digest, path }, large.split(" ").map(Number)));
  } else if (extent === null) module._Py_DecRef(object);
  // The reference we were given stays: it is the pin that keeps the object where it is for ever.
  else addExtents(interpreter, [extent]);
}

function addExtents(interpreter: Interpreter, extents: readonly Extent[]): void {
  interpreter.extents = new ExtentTable([...interpreter.extents.all, ...extents]);
}

function setItem({ module }: Interpreter, dict: number, key: string, object: number): void {
  const bytes = new TextEncoder().encode(`${key}\0`);
  const address = module._malloc(bytes.length) >>> 0;
  module.HEAPU8.set(bytes, address);
  const failed = module._PyDict_SetItemString(dict, address, object);
  module._free(address);
  if (failed !== 0) {
    module._PyErr_Clear();
    throw new Error(`the input ${key} could not be bound`);
  }
}
