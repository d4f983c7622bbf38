import { closeSync, fstatSync, openSync } from "node:fs";
import { toCodeUnits } from "./code-units.js";
import type { PyodideModule } from "./emscripten.js";
import { type Extent, innerPages } from "./extents.js";
import { readJsonString } from "./json-strings.js";
import { PAGE_BYTES } from "./page-runs.js";
import { readInPlace } from "./read-in-place.js";
import type { Utf8Decoder } from "./utf8-decoder.js";

/**
 * Brings back the bytes of inputs that a snapshot left out.
 * @param prefilled those whose inner pages are there already.
 * @param pathOf digest -> file
 * @throws {Error} a file is not the one the extent was made of.
 */
export function refillExtents(module: PyodideModule, decoder: Utf8Decoder, extents: readonly Extent[], prefilled: ReadonlySet<Extent>, pathOf: (digest: string) => string): void {
  const files = new Map<string, number>();
  const fileOf = (digest: string): number => {
    const fd = files.get(digest) ?? openSync(pathOf(digest), "r");
    files.set(digest, fd);
    return fd;
  };
  try {
    for (const extent of extents) {
      if (extent.address + extent.bytes > module.HEAPU8.length) throw new Error("an input extent lies outside the interpreter's memory");
      if (prefilled.has(extent)) refillEdges(module, extent, fileOf(extent.digest));
      else if (!refill(module, decoder, extent, fileOf(extent.digest))) {
        throw new Error(`input ${extent.digest} is not the file of ${extent.sourceBytes} bytes that the snapshot was made with`);
      }
    }
  } finally {
    for (const fd of files.values()) closeSync(fd);
  }
}

function refillEdges(module: PyodideModule, extent: Extent, fd: number): void {
  const { address, bytes } = extent;
  const [first, count] = innerPages(extent);
  const [start, end] = [first * PAGE_BYTES, (first + count) * PAGE_BYTES];
  readInPlace(module, fd, address, start - address);
  readInPlace(module, fd, end, address + bytes - end, end - address);
}

/** False: the file does not hold what it held. */
function refill(module: PyodideModule, decoder: Utf8Decoder, extent: Extent, fd: number): boolean {
  const { address, bytes, sourceBytes, unit, jsonAt } = extent;
  if (jsonAt !== undefined) {
    const text = toCodeUnits(readJsonString(fd, { at: jsonAt, bytes: sourceBytes }));
    if ((text.isAscii ? "raw" : text.unit) !== unit || text.bytes.length !== bytes) return false;
    module.HEAPU8.set(text.bytes, address);
    return true;
  }
  if (fstatSync(fd).size !== sourceBytes) return false;
  if (unit !== "raw") return decoder.write(fd, sourceBytes, address, unit) === bytes;
  readInPlace(module, fd, address, bytes);
  return true;
}
