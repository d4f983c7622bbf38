import { closeSync, fstatSync, openSync } from "node:fs";
import type { PyodideModule } from "./emscripten.js";
import type { Extent } from "./extents.js";
import { ASCII_HEADER_BYTES, BYTES_HEADER_BYTES, WIDE_TEXT_HEADER_BYTES } from "./python-objects.js";
import { readInParallel, readInPlace, SMALLEST_PARALLEL_BYTES } from "./read-in-place.js";
import type { Utf8Decoder } from "./utf8-decoder.js";

/** Below this, objects may be shared (one-character strings are singletons), and there is nothing to save. */
const SMALLEST_EXTENT_BYTES = 64;
const WASM_PAGE_BYTES = 65536;
const MAX_ASCII = 0x7f;

interface InputFile {
  readonly kind: "text" | "bytes";
  readonly digest: string;
  readonly path: string;
}

/** A Python object made by us: its address, holding one reference, and the extent it is (`null`: an ordinary object). */
export interface LoadedInput {
  readonly object: number;
  readonly extent: Extent | null;
}

/** Makes a `str` (UTF-8, invalid bytes replaced) or `bytes` of a file without a second copy. @throws {Error} no memory for it, or an unreadable file. */
export async function loadInput(module: PyodideModule, decoder: Utf8Decoder, input: InputFile): Promise<LoadedInput> {
  const fd = openSync(input.path, "r");
  try {
    const size = fstatSync(fd).size;
    return await (input.kind === "bytes" ? loadBytes(module, fd, size, input) : loadText(module, decoder, fd, size, input));
  } finally {
    closeSync(fd);
  }
}

async function loadBytes(module: PyodideModule, fd: number, size: number, { digest, path }: InputFile): Promise<LoadedInput> {
  reserve(module, size);
  const object = made(module, module._PyBytes_FromStringAndSize(0, size), size);
  const address = object + BYTES_HEADER_BYTES;
  // The empty and the one-byte `bytes` are singletons that hold their byte already.
  if (size > 1) await readWhole(module, fd, path, address, size);
  else if (size === 1) return copyOf(module, fd, size, (from) => module._PyBytes_FromStringAndSize(from, size));
  return { object, extent: size < SMALLEST_EXTENT_BYTES ? null : { digest, address, bytes: size, sourceBytes: size, unit: "raw" } };
}

async function loadText(module: PyodideModule, decoder: Utf8Decoder, fd: number, size: number, { digest, path }: InputFile): Promise<LoadedInput> {
  if (size < SMALLEST_EXTENT_BYTES) return decodedByPython(module, fd, size);
  reserve(module, size);
  const ascii = made(module, module._PyUnicode_New(size, MAX_ASCII), size);
  const address = ascii + ASCII_HEADER_BYTES;
  await readWhole(module, fd, path, address, size);
  // Non-ASCII bytes under an ASCII header corrupt the interpreter: checked before anything can see the object.
  if (decoder.isAscii(address, size)) return { object: ascii, extent: { digest, address, bytes: size, sourceBytes: size, unit: "raw" } };
  module._Py_DecRef(ascii);
  return loadWideText(module, decoder, fd, size, digest);
}

async function readWhole(module: PyodideModule, fd: number, path: string, address: number, size: number): Promise<void> {
  if (size < SMALLEST_PARALLEL_BYTES) readInPlace(module, fd, address, size);
  else await readInParallel(module, path, address, size);
}

function loadWideText(module: PyodideModule, decoder: Utf8Decoder, fd: number, size: number, digest: string): LoadedInput {
  const measured = decoder.measure(fd, size);
  if (measured === null) return decodedByPython(module, fd, size);
  const { characters, widest } = measured;
  const unit = widest <= 0xff ? 1 : widest <= 0xffff ? 2 : 4;
  const bytes = characters * unit;
  // The block of the ASCII try was just freed and can be used again.
  reserve(module, Math.max(0, bytes - size));
  const object = made(module, module._PyUnicode_New(characters, widest), bytes);
  const address = object + WIDE_TEXT_HEADER_BYTES;
  if (decoder.write(fd, size, address, unit) !== bytes) throw new Error("an input file changed while it was read");
  return { object, extent: { digest, address, bytes, sourceBytes: size, unit } };
}

function decodedByPython(module: PyodideModule, fd: number, size: number): LoadedInput {
  const replace = module._malloc(8) >>> 0;
  module.HEAPU8.set(new TextEncoder().encode("replace\0"), replace);
  try {
    return copyOf(module, fd, size, (from) => module._PyUnicode_DecodeUTF8(from, size, replace));
  } finally {
    module._free(replace);
  }
}

function copyOf(module: PyodideModule, fd: number, size: number, make: (address: number) => number): LoadedInput {
  const buffer = module._malloc(size + 1) >>> 0;
  if (buffer === 0) throw outOfMemory(size);
  try {
    readInPlace(module, fd, buffer, size);
    return { object: made(module, make(buffer), size), extent: null };
  } finally {
    module._free(buffer);
  }
}

function made(module: PyodideModule, object: number, bytes: number): number {
  if (object !== 0) return object >>> 0;
  module._PyErr_Clear();
  throw outOfMemory(bytes);
}

function outOfMemory(bytes: number): Error {
  return new Error(`an input of ${bytes} bytes does not fit into the sandbox's memory. Raise the memory limit.`);
}

/** Grows by exactly what is needed: Emscripten's own growth adds up to 96 MiB. */
function reserve(module: PyodideModule, bytes: number): void {
  if (bytes < 1 << 20) return;
  const top = module._sbrk(0) >>> 0;
  const needed = Math.ceil((top + bytes + WASM_PAGE_BYTES) / WASM_PAGE_BYTES) * WASM_PAGE_BYTES;
  if (needed > module.HEAPU8.length) module.growMemory(needed);
}
