import type { FsNode, FsStream, PyodideModule } from "./emscripten.js";
import { ACCESS_MODE_MASK, type FileSystemState, LAST_STANDARD_FD, type StreamState, WRITE_ONLY } from "./file-system-state.js";

/** Creation flags must not act again on a reopened device. */
const CREATION_FLAGS = 0o1700;

/** Reopens the descriptors above 2, with their offsets; those made by `dup` share them again. */
export function restoreDescriptors(module: PyodideModule, state: FileSystemState, nodes: readonly FsNode[]): void {
  const { FS } = module;
  const originals = new Map<number, FsStream>();
  const pipes = new Map<number, PipeEnds>();
  const standard = new Set(state.streams.filter(({ fd }) => fd <= LAST_STANDARD_FD).map(({ shared }) => shared));
  for (const saved of state.streams) {
    if (saved.fd <= LAST_STANDARD_FD || standard.has(saved.shared)) continue;
    const original = originals.get(saved.shared);
    if (original !== undefined) {
      FS.createStream(original, saved.fd).path = saved.path;
      continue;
    }
    originals.set(saved.shared, reopen(module, saved, state, nodes, pipes));
  }
}

/** Duplicates of 0, 1, 2: only possible once Pyodide has opened those anew, at the end of its boot. */
export function restoreStandardDuplicates({ FS }: PyodideModule, state: FileSystemState): void {
  for (const saved of state.streams) {
    if (saved.fd <= LAST_STANDARD_FD) continue;
    const twin = state.streams.find(({ fd, shared }) => fd <= LAST_STANDARD_FD && shared === saved.shared);
    const stream = twin === undefined ? null : FS.streams[twin.fd];
    if (stream) FS.createStream(stream, saved.fd);
  }
}

function reopen(module: PyodideModule, saved: StreamState, state: FileSystemState, nodes: readonly FsNode[], pipes: Map<number, PipeEnds>): FsStream {
  const { FS } = module;
  const { fd, path, flags, target } = saved;
  if (target.kind === "device") return moved(module, FS.open(path, flags & ~CREATION_FLAGS), fd);
  if (target.kind === "pipe") {
    const ends = pipes.get(target.pipe) ?? makePipe(module, state.pipes[target.pipe]);
    pipes.set(target.pipe, ends);
    const stream = (flags & ACCESS_MODE_MASK) === WRITE_ONLY ? ends.write : ends.read;
    stream.flags = flags;
    stream.node.id = target.inode;
    stream.fd = fd;
    FS.streams[fd] = stream;
    return stream;
  }
  const node = nodes[target.node];
  if (node === undefined) throw new Error(`descriptor ${fd} refers to file ${target.node}, which the snapshot does not have`);
  return FS.createStream({ node, path, flags, seekable: saved.seekable, position: saved.position, stream_ops: node.stream_ops, ungotten: saved.ungotten, error: false }, fd);
}

interface PipeEnds {
  readonly read: FsStream;
  readonly write: FsStream;
}

/** A pipe whose two descriptors are taken out of the table again: the caller places them. */
function makePipe(module: PyodideModule, saved: FileSystemState["pipes"][number] | undefined): PipeEnds {
  const { FS } = module;
  const pair = module._malloc(8);
  const failed = module._pipe(pair);
  const [read, write] = [module.HEAPU32[pair >>> 2], module.HEAPU32[(pair >>> 2) + 1]].map((fd) => (fd === undefined ? null : FS.streams[fd]));
  module._free(pair);
  if (failed || !read || !write || saved === undefined || read.node.pipe === undefined) throw new Error("a pipe of the snapshot could not be made again");
  FS.streams[read.fd] = null;
  FS.streams[write.fd] = null;
  read.node.pipe.refcnt = saved.references;
  const data = Buffer.from(saved.data, "base64");
  if (data.length > 0) write.stream_ops.write(write, data, 0, data.length, 0);
  return { read, write };
}

function moved({ FS }: PyodideModule, stream: FsStream, fd: number): FsStream {
  FS.streams[stream.fd] = null;
  stream.fd = fd;
  FS.streams[fd] = stream;
  return stream;
}
