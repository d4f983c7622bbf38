import { readSync } from "node:fs";
import { open } from "node:fs/promises";
import type { PyodideModule } from "./emscripten.js";

const CHUNK_BYTES = 4 << 20;
/** Most of the time goes into the system's making of new memory, which several threads can do at once. */
const READERS = 4;
/** Less is read in a few milliseconds anyway. */
export const SMALLEST_PARALLEL_BYTES = 8 << 20;

/** Reads `bytes` bytes of a file from `position` on straight into linear memory. @throws {Error} the file is shorter. */
export function readInPlace(module: PyodideModule, fd: number, address: number, bytes: number, position = 0): void {
  for (let done = 0; done < bytes; ) {
    const wanted = Math.min(CHUNK_BYTES, bytes - done);
    // The view is looked up for every chunk: growth of the memory would detach it.
    const read = readSync(fd, module.HEAPU8, address + done, wanted, position + done);
    if (read === 0) throw new Error(`an input file ends after ${position + done} of ${position + bytes} bytes`);
    done += read;
  }
}

/** The same on other threads. Memory must not grow, nor anything look at that place, until it is done. */
export async function readInParallel(module: PyodideModule, path: string, address: number, bytes: number, position = 0): Promise<void> {
  const share = Math.ceil(bytes / READERS);
  const starts = Array.from({ length: READERS }, (_, i) => Math.min(i * share, bytes));
  await Promise.all(starts.map((start) => readShare(module, path, address + start, Math.min(share, bytes - start), position + start)));
}

async function readShare(module: PyodideModule, path: string, address: number, bytes: number, position: number): Promise<void> {
  const file = await open(path, "r");
  try {
    for (let done = 0; done < bytes; ) {
      const { bytesRead } = await file.read(module.HEAPU8, address + done, Math.min(CHUNK_BYTES, bytes - done), position + done);
      if (bytesRead === 0) throw new Error(`an input file ends after ${position + done} of ${position + bytes} bytes`);
      done += bytesRead;
    }
  } finally {
    await file.close();
  }
}
