import { readSync } from "node:fs";
import type { PyodideModule } from "./emscripten.js";

const CHUNK_BYTES = 4 << 20;

/** Reads the first `bytes` bytes of a file straight into linear memory. @throws {Error} the file is shorter. */
export function readInPlace(module: PyodideModule, fd: number, address: number, bytes: number): void {
  for (let done = 0; done < bytes; ) {
    const wanted = Math.min(CHUNK_BYTES, bytes - done);
    // The view is looked up for every chunk: growth of the memory would detach it.
    const read = readSync(fd, module.HEAPU8, address + done, wanted, done);
    if (read === 0) throw new Error(`an input file ends after ${done} of ${bytes} bytes`);
    done += read;
  }
}
