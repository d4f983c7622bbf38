import type { PyodideModule } from "./emscripten.js";
import type { Extent } from "./extents.js";

/** Smaller free blocks are left as they are: taking them all would cost more than storing them. */
const SMALLEST_BLOCK_BYTES = 1 << 18;
const LARGEST_BLOCK_BYTES = 1 << 30;

/**
 * Zeroes the large free blocks of the heap. Else the remains of freed temporaries (`len(text.encode())`) would be stored as changed pages:
 * measured 215 MB and 3.4 s for a 500 MB text, against 0.7 MB and 98 ms. Takes every large block the allocator has, without letting it grow, and gives all back.
 */
export function scrubFreeBlocks(module: PyodideModule): void {
  const breakWord = module._emscripten_get_sbrk_ptr() >>> 2;
  const programBreak = module.HEAPU32[breakWord] ?? 0;
  const { memory } = module;
  const grow = Object.getOwnPropertyDescriptor(memory, "grow");
  const taken: number[] = [];
  memory.grow = () => {
    throw new RangeError("scrubbing must not grow the memory");
  };
  try {
    // With the break at the very end the allocator cannot extend the heap either.
    module.HEAPU32[breakWord] = module.HEAPU8.length;
    for (let bytes = LARGEST_BLOCK_BYTES; bytes >= SMALLEST_BLOCK_BYTES; bytes >>>= 1) {
      for (let block = module._malloc(bytes) >>> 0; block !== 0; block = module._malloc(bytes) >>> 0) {
        module.HEAPU8.fill(0, block, block + bytes);
        taken.push(block);
      }
    }
  } finally {
    module.HEAPU32[breakWord] = programBreak;
    if (grow === undefined) delete (memory as { grow?: unknown }).grow;
    else Object.defineProperty(memory, "grow", grow);
    for (const block of taken) module._free(block);
  }
}

/** `PyCompactUnicodeObject` (32-bit): data at +28, its cached UTF-8 copy at +24 with the length at +20. */
export const WIDE_TEXT_HEADER_BYTES = 28;

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
