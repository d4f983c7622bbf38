import { statSync } from "node:fs";
import type { PyodideModule } from "./emscripten.js";
import { type Extent, innerPages } from "./extents.js";
import { INITIAL_MEMORY_BYTES } from "./memory-hashes.js";
import { PAGE_BYTES } from "./page-runs.js";
import { readInParallel, SMALLEST_PARALLEL_BYTES } from "./read-in-place.js";

/**
 * Reads the pages inside large inputs ahead of the image, on several threads. Only in memory that a fresh boot does not have: nothing of it can come in
 * between. What is not as it should be is left to `refillExtents`, which says so.
 * @returns those extents of which only the edges, on pages shared with others, are still to be read.
 */
export async function prefillExtents(module: PyodideModule, extents: readonly Extent[], pathOf: (digest: string) => string): Promise<ReadonlySet<Extent>> {
  const large = extents.filter((extent) => isLarge(module, extent) && statSync(pathOf(extent.digest)).size === extent.sourceBytes);
  for (const { digest, address, bytes } of large) {
    const [first, count] = innerPages({ address, bytes });
    await readInParallel(module, pathOf(digest), first * PAGE_BYTES, count * PAGE_BYTES, first * PAGE_BYTES - address);
  }
  return new Set(large);
}

function isLarge(module: PyodideModule, { address, bytes, unit, jsonAt }: Extent): boolean {
  return unit === "raw" && jsonAt === undefined && bytes >= SMALLEST_PARALLEL_BYTES && address >= INITIAL_MEMORY_BYTES && address + bytes <= module.HEAPU8.length;
}
