import type { PyodideModule } from "./emscripten.js";

export interface Block {
  readonly address: number;
  readonly bytes: number;
}

const LARGEST_BLOCK_BYTES = 1 << 30;

/**
 * Calls `use` with the allocator's free blocks of at least so many bytes, all taken, in pieces of powers of two: meanwhile nothing but
 * smaller ones is free, and the heap cannot grow. They are given back at the end.
 */
export function withFreeBlocks<T>(module: PyodideModule, leastBytes: number, use: (blocks: readonly Block[]) => T): T {
  const breakWord = module._emscripten_get_sbrk_ptr() >>> 2;
  const programBreak = module.HEAPU32[breakWord] ?? 0;
  const { memory } = module;
  const grow = Object.getOwnPropertyDescriptor(memory, "grow");
  const blocks: Block[] = [];
  memory.grow = () => {
    throw new RangeError("taking free blocks must not grow the memory");
  };
  try {
    // With the break at the very end the allocator cannot extend the heap either.
    module.HEAPU32[breakWord] = module.HEAPU8.length;
    for (let bytes = LARGEST_BLOCK_BYTES; bytes >= leastBytes; bytes >>>= 1) blocks.push(...takeAll(module, bytes));
    return use(blocks);
  } finally {
    module.HEAPU32[breakWord] = programBreak;
    if (grow === undefined) delete (memory as { grow?: unknown }).grow;
    else Object.defineProperty(memory, "grow", grow);
    for (const { address } of blocks) module._free(address);
  }
}

/** Takes blocks of this size until there is none left. */
export function takeAll(module: PyodideModule, bytes: number): Block[] {
  const taken: Block[] = [];
  for (let address = module._malloc(bytes) >>> 0; address !== 0; address = module._malloc(bytes) >>> 0) taken.push({ address, bytes });
  return taken;
}
