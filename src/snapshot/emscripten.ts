/** What the snapshot engine uses of a Pyodide 314.0.7 module (Emscripten's `Module`). Addresses are byte offsets into linear memory. */
export interface PyodideModule {
  readonly memory: LinearMemory;
  /** View of the whole memory. Growth replaces it: look it up anew for every chunk, never keep it. */
  readonly HEAPU8: Uint8Array;
  readonly HEAPU32: Uint32Array;
  /** Grows memory to at least this many bytes, without Emscripten's 20 % on top. */
  growMemory(bytes: number): void;
  readonly wasmTable: { readonly length: number; grow(places: number): number };
  readonly LDSO: { readonly loadedLibsByName: Record<string, DynamicLibrary>; readonly loadedLibsByHandle: Record<string, DynamicLibrary> };
  /** Places of the function table to be given out before it grows. */
  readonly freeTableIndexes: number[];
  readonly GOTHandler: ProxyHandler<Set<string>>;
  getFunctionAddress(callable: LibraryFunction): number;
  addFunction(callable: LibraryFunction, signature?: string): number;
  updateTableMap(from: number, count: number): void;
  updateGOT(exports: LibraryExports): void;
  reportUndefinedSymbols(): void;
  relocateExports(exports: LibraryExports, memoryBase: number): LibraryExports;
  getDylinkMetadata(bytes: Uint8Array): { readonly tableSize: number; readonly weakImports: Set<string> };
  readonly ___stack_pointer: { value: number };
  readonly FS: EmscriptenFs;
  readonly API: PyodideInternals;
  /** The JavaScript object behind one of Pyodide's numbers for them. */
  __hiwire_get(key: number): Record<string, unknown>;
  _malloc(bytes: number): number;
  _free(address: number): void;
  _sbrk(increment: number): number;
  _emscripten_get_sbrk_ptr(): number;
  _pipe(descriptors: number): number;
  _PyUnicode_New(characters: number, maxCodePoint: number): number;
  _PyUnicode_DecodeUTF8(address: number, bytes: number, errors: number): number;
  _PyBytes_FromStringAndSize(address: number, bytes: number): number;
  _PyDict_SetItemString(dict: number, key: number, value: number): number;
  _PyMem_Free(address: number): void;
  _PyErr_Clear(): void;
  _Py_IncRef(object: number): void;
  _Py_DecRef(object: number): void;
}

/** A function of compiled code, or one of Emscripten's in JavaScript, which knows its signature. */
export type LibraryFunction = ((...args: readonly unknown[]) => unknown) & { readonly sig?: string; readonly stub?: boolean };

/** What a library exports: functions, and addresses of data. */
export type LibraryExports = Readonly<Record<string, LibraryFunction | { readonly value: number; readonly stub?: boolean }>>;

export interface DynamicLibrary {
  readonly refcount: number;
  readonly name: string;
  readonly global: boolean;
  readonly exports: LibraryExports;
}

export interface LinearMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

export interface PyodideInternals {
  readonly config: { readonly BUILD_ID: string };
  restoreSnapshot(image: Uint8Array): JsRefTable;
  getExpectedKeys(): readonly unknown[];
  serializeHiwireState(serialize: (value: unknown) => unknown): JsRefTable;
}

/** Pyodide's own JSON form of its table of JavaScript references. */
export type JsRefTable = { readonly hiwireKeys: readonly unknown[]; readonly immortalKeys: readonly unknown[] };

export interface FsNode {
  id: number;
  name: string;
  mode: number;
  rdev: number;
  atime: number;
  mtime: number;
  ctime: number;
  readonly parent: FsNode;
  readonly mount: { readonly type: unknown };
  readonly mounted: unknown;
  readonly isMountpoint?: boolean;
  /** Directory: children by name. File: its bytes, with spare room at the end. */
  contents: Uint8Array | Record<string, FsNode>;
  usedBytes: number;
  link?: string;
  readonly pipe?: FsPipe;
  node_ops: FsNodeOps;
  stream_ops: FsStreamOps;
}

export interface FsNodeOps {
  setattr(node: FsNode, attributes: { size?: number }): void;
}

export interface FsStreamOps {
  read(stream: FsStream, buffer: Uint8Array, offset: number, length: number, position: number): number;
  write(stream: FsStream, buffer: Uint8Array, offset: number, length: number, position: number, canOwn?: boolean): number;
}

export interface FsPipe {
  refcnt: number;
  readonly buckets: readonly { readonly buffer: Uint8Array; readonly offset: number; readonly roffset: number }[];
}

export interface FsStream {
  fd: number;
  path: string;
  flags: number;
  position: number;
  readonly seekable: boolean;
  readonly ungotten?: readonly number[];
  /** Offset and flags; one object for all descriptors made by `dup`. */
  readonly shared: object;
  readonly node: FsNode;
  readonly stream_ops: FsStreamOps;
}

export interface EmscriptenFs {
  readonly root: FsNode;
  readonly streams: (FsStream | null)[];
  readonly filesystems: { readonly MEMFS: { readonly ops_table: { readonly file: { readonly node: FsNodeOps; readonly stream: FsStreamOps } } } };
  readonly devices: Record<number, { readonly stream_ops: FsStreamOps }>;
  nextInode: number;
  umask?: number;
  readonly ErrnoError: new (errno: number) => Error;
  cwd(): string;
  chdir(path: string): void;
  isDir(mode: number): boolean;
  isFile(mode: number): boolean;
  isLink(mode: number): boolean;
  isChrdev(mode: number): boolean;
  isRoot(node: FsNode): boolean;
  lookupPath(path: string, options?: { follow?: boolean }): { readonly node: FsNode };
  createNode(parent: FsNode, name: string, mode: number, rdev: number): FsNode;
  destroyNode(node: FsNode): void;
  hashAddNode(node: FsNode): void;
  hashRemoveNode(node: FsNode): void;
  mkdir(path: string, mode?: number): FsNode;
  writeFile(path: string, bytes: Uint8Array): void;
  rmdir(path: string): void;
  unlink(path: string): void;
  symlink(target: string, path: string): FsNode;
  rename(from: string, to: string): void;
  mknod(path: string, mode: number, rdev: number): FsNode;
  open(path: string, flags: number): FsStream;
  createStream(stream: Partial<FsStream> & { error?: boolean }, fd: number): FsStream;
}
