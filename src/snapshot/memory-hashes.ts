import type { PyodideModule } from "./emscripten.js";
import { type Extent, pagesInside } from "./extents.js";
import { pagesOf, type PageHasher } from "./page-hasher.js";

/** Memory that every boot has from the start (30 MiB). Pages of it may hold data of the fresh boot, so zero pages there are stored as such. */
export const INITIAL_MEMORY_BYTES = 31_457_280;

/** Hashes of all pages below the program break: Emscripten over-grows memory by up to 96 MiB that nothing has touched, and never gives any back. */
export function hashMemory(hasher: PageHasher, module: PyodideModule, extents: readonly Extent[]): Uint32Array {
  const used = Math.max(INITIAL_MEMORY_BYTES, module._sbrk(0) >>> 0);
  return hasher.hash(pagesOf(Math.min(used, module.HEAPU8.length)), pagesInside(extents));
}
