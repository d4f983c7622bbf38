import { createHash } from "node:crypto";
import type { FsNode, PyodideModule } from "./emscripten.js";

/** Digest of a file's bytes, computed once per change: every write goes through the one `write` of MEMFS, which forgets it. */
export class FileDigests {
  readonly #known = new WeakMap<FsNode, { contents: unknown; bytes: number; digest: string }>();

  constructor({ FS }: PyodideModule) {
    const operations = FS.filesystems.MEMFS.ops_table.file.stream;
    const write = operations.write;
    operations.write = (stream, ...rest) => {
      this.#known.delete(stream.node);
      return write(stream, ...rest);
    };
  }

  of(node: FsNode): string {
    const known = this.#known.get(node);
    // A truncation replaces the array.
    if (known !== undefined && known.contents === node.contents && known.bytes === node.usedBytes) return known.digest;
    const digest = digestOf(node);
    this.#known.set(node, { contents: node.contents, bytes: node.usedBytes, digest });
    return digest;
  }
}

export function digestOf(node: FsNode): string {
  return createHash("sha256").update(fileBytes(node)).digest("hex");
}

/** The bytes of a regular file, without the spare room behind them. */
export function fileBytes(node: FsNode): Uint8Array {
  return (node.contents as Uint8Array).subarray(0, node.usedBytes);
}
