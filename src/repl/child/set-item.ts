import type { Interpreter } from "../../snapshot/interpreter.js";

/** `dict[key] = object` by addresses; the dict takes a reference of its own. @throws {Error} Python refused. */
export function setItem({ module }: Interpreter, dict: number, key: string, object: number): void {
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
