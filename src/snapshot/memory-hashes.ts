import { createHash } from "node:crypto";
import type { PyodideModule } from "./emscripten.js";
import { SnapshotFormatError } from "./errors.js";
import { markZero, pagesOf, type PageHasher } from "./page-hasher.js";
import type { PageRun } from "./page-runs.js";

/** Memory that every boot has from the start (30 MiB). Pages of it may hold data of the fresh boot, so zero pages there are stored as such. */
export const INITIAL_MEMORY_BYTES = 31_457_280;

/**
 * Hashes of all pages below the program break: Emscripten over-grows memory by up to 96 MiB that nothing has touched, and never gives any back.
 * @param extentPages pages of inputs: not looked at.
 * @param zeroPages pages known to be zero, sorted: not looked at.
 */
export function hashMemory(hasher: PageHasher, module: PyodideModule, extentPages: readonly PageRun[], zeroPages: readonly PageRun[]): Uint32Array {
  const used = Math.max(INITIAL_MEMORY_BYTES, module._sbrk(0) >>> 0);
  const skipped = [...extentPages, ...zeroPages].sort((a, b) => a[0] - b[0]);
  const hashes = hasher.hash(pagesOf(Math.min(used, module.HEAPU8.length)), skipped);
  markZero(hashes, zeroPages);
  return hashes;
}

/** SHA-256 over the hashes of all pages, those of inputs (zero words) and those known to be zero included. Half a microsecond a page. */
export function memoryDigest(hashes: Uint32Array): string {
  return createHash("sha256").update(new Uint8Array(hashes.buffer, hashes.byteOffset, hashes.byteLength)).digest("hex");
}

/** @throws {SnapshotFormatError} what was put together from the parts is not, page for page, what the process had that was captured. */
export function assertSameMemory(restored: Uint32Array, captured: string): void {
  const digest = memoryDigest(restored);
  if (digest !== captured) throw new SnapshotFormatError(`The memory restored from the snapshot has the digest ${digest}, the memory that was captured had ${captured}. Restore from an older snapshot.`);
}
