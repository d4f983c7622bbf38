import { SnapshotFormatError } from "./errors.js";
import { type FileSystemState, isRemadeAtBoot } from "./file-system-state.js";
import { PAGE_BYTES } from "./page-runs.js";
import { PAGES_PER_GROUP, type Part } from "./part.js";

/*
 * Parts come from sandbox processes that may have been hostile. What a capture can never have written is refused by name before any of it is acted on:
 * a run of pages without end would keep a restore busy for minutes, a path with dots would be another file than the one it is compared as.
 */

/** Emscripten's own bound. */
const MAX_DESCRIPTORS = 4096;

/** @throws {SnapshotFormatError} pages that the image has no memory for, or more or fewer groups than pages. */
export function assertPagesInside({ header, zeroPages, pages, groups }: Part, heapBytes: number): void {
  const pageCount = heapBytes / PAGE_BYTES;
  const damaged = (what: string): SnapshotFormatError => new SnapshotFormatError(`Snapshot part ${header.partId} ${what}. Restore from an older snapshot.`);
  for (const [first, count] of zeroPages) {
    if (!isCount(first) || !isCount(count) || first + count > pageCount) throw damaged(`blanks ${count} pages from page ${first} on, of ${pageCount}`);
  }
  pages.forEach((page, i) => {
    if (page >= pageCount || (i > 0 && page <= (pages[i - 1] ?? 0))) throw damaged(`stores page ${page} out of order or beyond the ${pageCount} pages of its memory`);
  });
  const needed = Math.ceil(pages.length / PAGES_PER_GROUP);
  if (groups.length !== needed) throw damaged(`has ${groups.length} page groups where its ${pages.length} pages need ${needed}`);
}

/** @throws {SnapshotFormatError} a path that is not absolute and plain or not the session's to have, or a descriptor that cannot be. */
export function assertFilesInside({ nodes, streams, cwd }: FileSystemState): void {
  for (const { path } of nodes) {
    if (path !== null && (!isPlainPath(path) || isRemadeAtBoot(path))) throw new SnapshotFormatError(`The snapshot holds a file by the name ${JSON.stringify(path.slice(0, 200))}, which no session can have. Restore from an older snapshot.`);
  }
  if (!isPlainPath(cwd)) throw new SnapshotFormatError("The snapshot's working directory is not an absolute path. Restore from an older snapshot.");
  for (const { fd } of streams) {
    if (!isCount(fd) || fd >= MAX_DESCRIPTORS) throw new SnapshotFormatError(`The snapshot has a descriptor ${fd}; they go from 0 to ${MAX_DESCRIPTORS - 1}. Restore from an older snapshot.`);
  }
}

/** Absolute, without empty segments, dots and zero bytes. */
function isPlainPath(path: string): boolean {
  if (path === "/") return true;
  const [root, ...segments] = path.split("/");
  return root === "" && segments.every((segment) => segment !== "" && segment !== "." && segment !== ".." && !segment.includes("\0"));
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
