import type { EmscriptenFs, FsNode, FsPipe, FsStream } from "./emscripten.js";
import { SnapshotRefusedError } from "./errors.js";
import { type FileDigests, fileBytes } from "./file-digests.js";
import { type FileSystemState, isRemadeAtBoot, LIBRARY_PATH, type NodeContent, type NodeState, type StreamState } from "./file-system-state.js";

export interface FileCapture {
  readonly digests: FileDigests;
  /** The library archive as the boot installed it. */
  readonly libraryDigest: string;
  /** Called with each file's bytes; keeps those it has not stored yet. */
  keep(digest: string, bytes: Uint8Array): void;
}

/**
 * Describes the in-memory file system, the descriptors and the pipes.
 * @throws {SnapshotRefusedError} a descriptor is open on a file system that is not in memory.
 */
export function captureFileSystem(FS: EmscriptenFs, files: FileCapture): FileSystemState {
  const nodes: NodeState[] = [];
  const indexOf = new Map<FsNode, number>();
  const add = (node: FsNode, path: string | null): number => {
    indexOf.set(node, nodes.length);
    nodes.push({ path, name: node.name, inode: node.id, mode: node.mode, times: [node.atime, node.mtime, node.ctime], content: contentOf(FS, node, path, files) });
    return nodes.length - 1;
  };
  walk(FS, FS.root, "/", add);

  const pipes = new Map<FsPipe, number>();
  const shared = new Map<object, number>();
  const streams: StreamState[] = [];
  FS.streams.forEach((stream, fd) => {
    if (!stream) return;
    streams.push({
      fd,
      path: stream.path,
      flags: stream.flags,
      position: stream.position,
      seekable: stream.seekable,
      ungotten: stream.ungotten ?? [],
      shared: numberOf(shared, stream.shared),
      target: targetOf(FS, stream, pipes, (node) => indexOf.get(node) ?? add(node, null)),
    });
  });
  return { nodes, streams, pipes: [...pipes.keys()].map(pipeState), cwd: FS.cwd(), nextInode: FS.nextInode, umask: process.umask() };
}

/** Depth first, parents before children. */
export function walk(FS: EmscriptenFs, node: FsNode, path: string, visit: (node: FsNode, path: string) => void): void {
  if (!isRemadeAtBoot(path) && path !== "/dev") visit(node, path);
  if (!FS.isDir(node.mode)) return;
  for (const [name, child] of Object.entries(node.contents as Record<string, FsNode>)) {
    const childPath = path === "/" ? `/${name}` : `${path}/${name}`;
    if (child.mounted || (isRemadeAtBoot(childPath) && childPath !== "/dev")) continue;
    walk(FS, child, childPath, visit);
  }
}

function contentOf(FS: EmscriptenFs, node: FsNode, path: string | null, files: FileCapture): NodeContent {
  if (FS.isDir(node.mode)) return { kind: "directory" };
  if (FS.isLink(node.mode)) return { kind: "link", target: node.link ?? "" };
  if (!FS.isFile(node.mode)) return { kind: "device", rdev: node.rdev };
  const digest = files.digests.of(node);
  if (path === LIBRARY_PATH && digest === files.libraryDigest) return { kind: "library" };
  files.keep(digest, fileBytes(node));
  return { kind: "file", digest, bytes: node.usedBytes };
}

function targetOf(FS: EmscriptenFs, stream: FsStream, pipes: Map<FsPipe, number>, nodeIndex: (node: FsNode) => number): StreamState["target"] {
  const { node } = stream;
  if (node.pipe !== undefined) return { kind: "pipe", pipe: numberOf(pipes, node.pipe), inode: node.id };
  if (FS.isChrdev(node.mode)) return { kind: "device" };
  if (node.mount.type === FS.filesystems.MEMFS) return { kind: "file", node: nodeIndex(node) };
  throw new SnapshotRefusedError("foreign_descriptor", `descriptor ${stream.fd} is open on ${stream.path}, which is not in the sandbox's memory`, "Close it before the cell ends.");
}

function pipeState(pipe: FsPipe): { references: number; data: string } {
  return { references: pipe.refcnt, data: Buffer.concat(pipe.buckets.map(({ buffer, roffset, offset }) => buffer.subarray(roffset, offset))).toString("base64") };
}

function numberOf<T>(numbers: Map<T, number>, key: T): number {
  const known = numbers.get(key);
  if (known !== undefined) return known;
  numbers.set(key, numbers.size);
  return numbers.size - 1;
}
