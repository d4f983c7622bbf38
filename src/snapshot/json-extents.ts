import { closeSync, fstatSync, openSync } from "node:fs";
import { toCodeUnits } from "./code-units.js";
import type { PyodideModule } from "./emscripten.js";
import type { Extent } from "./extents.js";
import { ASCII_HEADER_BYTES, TEXT_LENGTH_OFFSET, WIDE_TEXT_HEADER_BYTES } from "./python-objects.js";
import { findJsonStrings, type JsonString, readJsonString } from "./json-strings.js";

/** Shorter strings of lists and dicts are ordinary objects: they fill no page, and a table of them would cost more than it saves. */
export const SMALLEST_JSON_EXTENT_BYTES = 1024;

/**
 * Finds the large strings of a parsed JSON input in the interpreter's memory, and pins each: they are in the blob already, escaped. What cannot be
 * found again in the text (a key given twice) or does not equal it byte for byte stays an ordinary object.
 * @param objects addresses of the value's large `str` objects, in the order of the text.
 */
export function pinJsonStrings(module: PyodideModule, input: { readonly digest: string; readonly path: string }, objects: readonly number[]): Extent[] {
  const fd = openSync(input.path, "r");
  try {
    const strings = findJsonStrings(fd, fstatSync(fd).size, SMALLEST_JSON_EXTENT_BYTES);
    const extents: Extent[] = [];
    let next = 0;
    for (const object of objects) {
      const characters = module.HEAPU32[(object + TEXT_LENGTH_OFFSET) >>> 2] ?? 0;
      for (; next < strings.length; next++) {
        const extent = matching(module, object, characters, fd, strings[next] as JsonString, input.digest);
        if (extent === null) continue;
        module._Py_IncRef(object);
        extents.push(extent);
        next++;
        break;
      }
    }
    return extents;
  } finally {
    closeSync(fd);
  }
}

function matching(module: PyodideModule, object: number, characters: number, fd: number, string: JsonString, digest: string): Extent | null {
  // A character is at least one byte of the text and at most six.
  if (characters > string.bytes || characters * 12 < string.bytes) return null;
  const { unit, isAscii, bytes } = toCodeUnits(readJsonString(fd, string));
  const address = object + (isAscii ? ASCII_HEADER_BYTES : WIDE_TEXT_HEADER_BYTES);
  if (bytes.length !== characters * unit || Buffer.compare(module.HEAPU8.subarray(address, address + bytes.length), bytes) !== 0) return null;
  return { digest, address, bytes: bytes.length, sourceBytes: string.bytes, unit: isAscii ? "raw" : unit, jsonAt: string.at };
}
