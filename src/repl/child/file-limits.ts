import type { FsNode, PyodideModule } from "../../snapshot/emscripten.js";
import { walk } from "../../snapshot/capture-file-system.js";

/** Emscripten's numbers. */
const NO_SPACE_LEFT = 51;
const NAME_TOO_LONG = 37;
const TRY_AGAIN = 6;
/** Files, directories, links and ends of pipes. Each is a JavaScript object that no quota of bytes sees. */
const MAX_NODES = 20_000;
/** As Linux has them. */
const MAX_NAME_CHARS = 255;
const MAX_LINK_CHARS = 4096;
const MAX_PIPE_BYTES = 65_536;

/**
 * Bounds what lives outside linear memory: bytes of files (those too that are deleted and still open), number of nodes, length of names, bytes
 * waiting in a pipe. Python sees the errors of a full disk.
 */
export function limitFiles(module: PyodideModule, maxBytes: number): void {
  limitBytes(module, maxBytes);
  limitNodes(module);
  limitPipes(module);
}

function limitBytes({ FS }: PyodideModule, maxBytes: number): void {
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
    const files = new Set<FsNode>();
    const add = (node: FsNode): void => {
      if (FS.isFile(node.mode)) files.add(node);
    };
    walk(FS, FS.root, "/", add);
    for (const stream of FS.streams) if (stream) add(stream.node);
    return [...files].reduce((sum, { usedBytes }) => sum + usedBytes, 0);
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

function limitNodes({ FS }: PyodideModule): void {
  let nodes = 0;
  const { createNode, destroyNode, symlink, rename } = FS;
  FS.createNode = (parent, name, mode, rdev) => {
    if (name.length > MAX_NAME_CHARS) throw new FS.ErrnoError(NAME_TOO_LONG);
    if (nodes >= MAX_NODES) throw new FS.ErrnoError(NO_SPACE_LEFT);
    nodes++;
    return createNode(parent, name, mode, rdev);
  };
  FS.destroyNode = (node) => {
    nodes--;
    destroyNode(node);
  };
  FS.symlink = (target, path) => {
    if (target.length > MAX_LINK_CHARS) throw new FS.ErrnoError(NAME_TOO_LONG);
    return symlink(target, path);
  };
  FS.rename = (from, to) => {
    if (to.length - to.lastIndexOf("/") - 1 > MAX_NAME_CHARS) throw new FS.ErrnoError(NAME_TOO_LONG);
    rename(from, to);
  };
}

/** A pipe without a reader would take whatever is written. There is one thread: where a write would block for ever, it says so. */
function limitPipes({ FS }: PyodideModule): void {
  const { createStream } = FS;
  const limited = new WeakSet<object>();
  FS.createStream = (options, fd) => {
    const stream = createStream(options, fd);
    const operations = stream.stream_ops;
    if (stream.node?.pipe === undefined || limited.has(operations)) return stream;
    limited.add(operations);
    const { write } = operations;
    operations.write = (to, buffer, offset, length, position) => {
      const waiting = (to.node.pipe?.buckets ?? []).reduce((sum, bucket) => sum + bucket.offset - bucket.roffset, 0);
      if (waiting + length > MAX_PIPE_BYTES) throw new FS.ErrnoError(TRY_AGAIN);
      return write(to, buffer, offset, length, position);
    };
    return stream;
  };
}
