import type { PyodideModule } from "../../snapshot/emscripten.js";

const WASM_PAGE_BYTES = 65_536;

/** Bytes of linear memory; may change from cell to cell. */
export interface MemoryLimit {
  maxBytes: number;
}

/** Makes memory growth beyond the limit fail cleanly: malloc -> sbrk -> `memory.grow` throws -> MemoryError in Python, and the session goes on. */
export function limitMemory({ memory }: PyodideModule, limit: MemoryLimit): void {
  const grow = memory.grow.bind(memory);
  memory.grow = (pages) => {
    if (memory.buffer.byteLength + pages * WASM_PAGE_BYTES > limit.maxBytes) throw new RangeError("memory limit of the sandbox");
    return grow(pages);
  };
}
