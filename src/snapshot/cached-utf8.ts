import type { PyodideModule } from "./emscripten.js";
import type { Extent } from "./extents.js";
import { WIDE_TEXT_HEADER_BYTES } from "./python-objects.js";

/**
 * Frees the UTF-8 copies that CPython caches in wide texts (`compile`, `sqlite3`, ... ask for one). On a pinned input it would live, and be
 * stored, for ever. Safe between cells only: then nothing in C holds the pointer.
 */
export function dropCachedUtf8(module: PyodideModule, extents: readonly Extent[]): void {
  for (const extent of extents) {
    if (extent.unit === "raw") continue;
    const object = extent.address - WIDE_TEXT_HEADER_BYTES;
    const copy = module.HEAPU32[(object + 24) >>> 2] ?? 0;
    if (copy === 0) continue;
    const bytes = module.HEAPU32[(object + 20) >>> 2] ?? 0;
    module.HEAPU8.fill(0, copy, copy + bytes + 1);
    module.HEAPU32[(object + 24) >>> 2] = 0;
    module.HEAPU32[(object + 20) >>> 2] = 0;
    module._PyMem_Free(copy);
  }
}
