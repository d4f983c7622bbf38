/** The in-memory file system of an interpreter, as JSON. File contents are blobs of the part, named by digest. */
export interface FileSystemState {
  readonly nodes: readonly NodeState[];
  readonly streams: readonly StreamState[];
  /** Bytes waiting in each pipe, base64, and how many descriptors hold it. */
  readonly pipes: readonly { readonly references: number; readonly data: string }[];
  readonly cwd: string;
  readonly nextInode: number;
  readonly umask: number;
}

export interface NodeState {
  /** `null`: a file that was unlinked while a descriptor kept it open. */
  readonly path: string | null;
  readonly name: string;
  readonly inode: number;
  readonly mode: number;
  readonly times: readonly [accessed: number, modified: number, changed: number];
  readonly content: NodeContent;
}

export type NodeContent =
  | { readonly kind: "directory" }
  | { readonly kind: "link"; readonly target: string }
  /** The standard library's archive: comes with Pyodide, so it is not stored. */
  | { readonly kind: "library" }
  | { readonly kind: "file"; readonly digest: string; readonly bytes: number }
  | { readonly kind: "device"; readonly rdev: number };

export interface StreamState {
  readonly fd: number;
  readonly path: string;
  readonly flags: number;
  readonly position: number;
  readonly seekable: boolean;
  readonly ungotten: readonly number[];
  /** Descriptors with an equal number share offset and flags (`dup`). */
  readonly shared: number;
  readonly target:
    | { readonly kind: "file"; readonly node: number }
    | { readonly kind: "pipe"; readonly pipe: number; readonly inode: number }
    | { readonly kind: "device" };
}

/** Pyodide's copy of the standard library inside the interpreter. */
export const LIBRARY_PATH = "/lib/python314.zip";
/** Descriptors 0, 1 and 2 are opened anew by Pyodide itself. */
export const LAST_STANDARD_FD = 2;
export const ACCESS_MODE_MASK = 0o3;
export const WRITE_ONLY = 1;

/** Paths that every boot makes anew; `/dev/shm` is the user's again. */
export function isRemadeAtBoot(path: string): boolean {
  return path === "/proc" || (path.startsWith("/dev/") && path !== "/dev/shm" && !path.startsWith("/dev/shm/"));
}
