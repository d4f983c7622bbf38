import type { FsNode, PyodideModule } from "../../snapshot/emscripten.js";
import { walk } from "../../snapshot/capture-file-system.js";

const WASM_PAGE_BYTES = 65_536;
/** Emscripten's ENOSPC. */
const NO_SPACE_LEFT = 51;

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

/** Bounds the bytes of all files (they live outside linear memory): OSError "No space left on device" in Python. */
export function limitFiles({ FS }: PyodideModule, maxBytes: number): void {
  // An upper bound: deletions are noticed when it is reached, by counting anew.
  let used = maxBytes;
  const claim = (node: FsNode, newSize: number): void => {
    const growth = Math.max(0, newSize - node.usedBytes);
    if (growth === 0) return;
    if (used + growth > maxBytes) used = countFileBytes();
    if (used + growth > maxBytes) throw new FS.ErrnoError(NO_SPACE_LEFT);
    used += growth;
  };
  const countFileBytes = (): number => {
    let sum = 0;
    walk(FS, FS.root, "/", (node) => {
      if (FS.isFile(node.mode)) sum += node.usedBytes;
    });
    return sum;
  };
  const { node: nodeOps, stream: streamOps } = FS.filesystems.MEMFS.ops_table.file;
  const { write } = streamOps;
  const { setattr } = nodeOps;
  streamOps.write = (stream, buffer, offset, length, position, canOwn) => {
    claim(stream.node, position + length);
    return write(stream, buffer, offset, length, position, canOwn);
  };
  nodeOps.setattr = (node, attributes) => {
    if (attributes.size !== undefined && FS.isFile(node.mode)) claim(node, attributes.size);
    setattr(node, attributes);
  };
}
