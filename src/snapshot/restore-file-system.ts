import { walk } from "./capture-file-system.js";
import type { EmscriptenFs, FsNode } from "./emscripten.js";
import type { FileSystemState, NodeState } from "./file-system-state.js";

/**
 * Puts the files and directories of `state` in the place of those a fresh boot has made.
 * @returns the nodes in the order of `state.nodes`, for the descriptors.
 */
export function restoreFiles(FS: EmscriptenFs, state: FileSystemState, readFile: (digest: string) => Uint8Array): FsNode[] {
  removeUnwanted(FS, new Set(state.nodes.map(({ path }) => path)));
  const nodes = state.nodes.map((saved) => {
    const node = saved.path === null ? unlinkedFile(FS, saved) : existing(FS, saved.path) ?? create(FS, saved.path, saved);
    if (saved.content.kind === "file") {
      node.contents = readFile(saved.content.digest);
      node.usedBytes = saved.content.bytes;
    }
    if (saved.content.kind === "link") node.link = saved.content.target;
    return node;
  });
  restoreInodes(FS, state.nodes, nodes);
  FS.nextInode = Math.max(state.nextInode, FS.nextInode);
  FS.chdir(state.cwd);
  process.umask(state.umask);
  return nodes;
}

/** Removes what the boot made and the session had deleted; children before parents. */
function removeUnwanted(FS: EmscriptenFs, wanted: ReadonlySet<string | null>): void {
  const unwanted: { path: string; isDirectory: boolean }[] = [];
  walk(FS, FS.root, "/", (node, path) => {
    if (!wanted.has(path)) unwanted.push({ path, isDirectory: FS.isDir(node.mode) });
  });
  for (const { path, isDirectory } of unwanted.reverse()) {
    if (isDirectory) FS.rmdir(path);
    else FS.unlink(path);
  }
}

function existing(FS: EmscriptenFs, path: string): FsNode | null {
  try {
    return FS.lookupPath(path, { follow: false }).node;
  } catch {
    return null;
  }
}

function create(FS: EmscriptenFs, path: string, saved: NodeState): FsNode {
  if (saved.content.kind === "directory") return FS.mkdir(path, saved.mode & 0o7777);
  if (saved.content.kind === "link") return FS.symlink(saved.content.target, path);
  return FS.mknod(path, saved.mode, saved.content.kind === "device" ? saved.content.rdev : 0);
}

function unlinkedFile(FS: EmscriptenFs, saved: NodeState): FsNode {
  const operations = FS.filesystems.MEMFS.ops_table.file;
  const node = FS.createNode(FS.root, `\0unlinked-${saved.inode}`, saved.mode, 0);
  FS.hashRemoveNode(node);
  node.name = saved.name;
  node.node_ops = operations.node;
  node.stream_ops = operations.stream;
  return node;
}

/** Inode numbers are visible (`os.stat`). The name table is keyed by the parent's, so: all names out, numbers set, all names in again. */
function restoreInodes(FS: EmscriptenFs, saved: readonly NodeState[], nodes: readonly FsNode[]): void {
  const named = nodes.filter((node, i) => saved[i]?.path !== null && !FS.isRoot(node));
  const restored = new Set(nodes);
  const remadeAtBoot = Object.values(FS.root.contents as Record<string, FsNode>).filter((node) => !restored.has(node));
  for (const node of [...named, ...remadeAtBoot]) FS.hashRemoveNode(node);
  saved.forEach(({ inode, mode, times }, i) => {
    const node = nodes[i];
    if (node === undefined) return;
    node.id = inode;
    node.mode = mode;
    [node.atime, node.mtime, node.ctime] = times;
  });
  for (const node of [...named, ...remadeAtBoot]) FS.hashAddNode(node);
}
