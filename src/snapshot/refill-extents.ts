import { closeSync, fstatSync, openSync } from "node:fs";
import type { PyodideModule } from "./emscripten.js";
import type { Extent } from "./extents.js";
import { readInPlace } from "./read-in-place.js";
import type { Utf8Decoder } from "./utf8-decoder.js";

/** Brings back the bytes of inputs that a snapshot left out. `pathOf`: digest -> file. @throws {Error} a file is not the one the extent was made of. */
export function refillExtents(module: PyodideModule, decoder: Utf8Decoder, extents: readonly Extent[], pathOf: (digest: string) => string): void {
  for (const extent of extents) {
    if (extent.address + extent.bytes > module.HEAPU8.length) throw new Error("an input extent lies outside the interpreter's memory");
    const fd = openSync(pathOf(extent.digest), "r");
    try {
      if (fstatSync(fd).size !== extent.sourceBytes) throw mismatch(extent);
      if (extent.unit === "raw") readInPlace(module, fd, extent.address, extent.bytes);
      else if (decoder.write(fd, extent.sourceBytes, extent.address, extent.unit) !== extent.bytes) throw mismatch(extent);
    } finally {
      closeSync(fd);
    }
  }
}

function mismatch({ digest, sourceBytes }: Extent): Error {
  return new Error(`input ${digest} is not the file of ${sourceBytes} bytes that the snapshot was made with`);
}
