import type { PyodideModule } from "./emscripten.js";
import type { Interpreter, PyFunction, PyodideApi } from "./interpreter.js";
import { ENGINE_MODULE, ENGINE_MODULE_SOURCE } from "./interpreter-side.js";
import { type Extent, ExtentTable } from "./extents.js";
import { digestOf } from "./file-digests.js";
import { LIBRARY_PATH } from "./file-system-state.js";
import { type HostModules, loadRef, type SavedRef } from "./js-refs.js";
import { assertSameMemory, hashMemory } from "./memory-hashes.js";
import { PageHasher } from "./page-hasher.js";
import type { PageRun } from "./page-runs.js";
import { countTimers } from "./pending-timers.js";
import { importPyodide } from "./pyodide-program.js";
import { prefillExtents } from "./prefill-extents.js";
import { refillExtents } from "./refill-extents.js";
import { replayExtensions } from "./replay-extensions.js";
import type { RestorableImage } from "./restorable-image.js";
import { restoreDescriptors, restoreStandardDuplicates } from "./restore-descriptors.js";
import { restoreFiles } from "./restore-file-system.js";
import { Utf8Decoder } from "./utf8-decoder.js";

export interface BootOptions {
  /** Directory of the `pyodide` package. */
  readonly pyodideDirectory: string;
  /** Of `compilePyodide`. */
  readonly compiled: Promise<object>;
  readonly hostModules: HostModules;
  readonly clockMs: () => number;
  /** `null`: cold boot. Called once the module exists. */
  readonly readImage: (() => RestorableImage) | null;
  readonly inputPath: (digest: string) => string;
  /** Called once the module exists and its memory is still untouched. */
  readonly onModule: (module: PyodideModule) => void;
}

/** Pyodide wants a lock file; without packages an empty one does, and nothing is ever looked up. */
const LOCK_FILE = JSON.stringify({ info: { abi_version: "2026_0", arch: "wasm32", platform: "emscripten_5_0_3", version: "314.0.7", python: "3.14.2" }, packages: {} });

/** Boots Pyodide, from nothing (2.3-2.6 s) or from an image (0.3-0.4 s). The official snapshot API fails above 30 MB of heap; this way around it does not. */
export async function boot(options: BootOptions): Promise<Interpreter> {
  const { hostModules } = options;
  // Emptied once restored, because Pyodide keeps its options, and with them whatever they refer to, for ever.
  let image: RestorableImage | null = null;
  const timers = countTimers();
  const { loadPyodide, createModule } = await importPyodide(options.pyodideDirectory);
  let module: PyodideModule | undefined;
  let libraryDigest = "";
  let bootTableLength = 0;
  let restoredHashes: Uint32Array | null = null;
  let prefilled: ReadonlySet<Extent> = new Set();
  const pyodide = await loadPyodide({
    indexURL: `${options.pyodideDirectory}/`,
    jsglobals: {},
    env: { HOME: "/home/pyodide", PYTHONHASHSEED: "0" },
    // What Python itself captures never comes here; what bypasses it (os.write, a C printf) has nowhere to go.
    stdin: () => null,
    stdout: () => {},
    stderr: () => {},
    lockFileContents: LOCK_FILE,
    packageBaseUrl: "http://invalid.invalid/",
    checkAPIVersion: false,
    _makeSnapshot: true,
    // Any bytes switch Pyodide to its restore path; `restoreSnapshot` below then does the work.
    _loadSnapshot: options.readImage !== null ? new Uint8Array(64) : undefined,
    _snapshotDeserializer: (saved: SavedRef) => loadRef(saved, hostModules),
    createPyodideModule: async (settings) => {
      const created = await createModule(settings, options.compiled);
      module = created;
      bootTableLength = created.wasmTable.length;
      options.onModule(created);
      libraryDigest = digestOf(created.FS.lookupPath(LIBRARY_PATH).node);
      if (options.readImage !== null) {
        image = options.readImage();
        growTo(created, image.heapBytes);
        prefilled = await prefillExtents(created, image.extents.all, options.inputPath);
        created.API.restoreSnapshot = () => {
          const restored = required(image);
          const zeroPages = fill(created, restored, prefilled, options);
          restoredHashes = hashMemory(new PageHasher(created.memory), created, restored.extents.pagesInside, zeroPages);
          assertSameMemory(restoredHashes, restored.state.memory);
          restoreDescriptors(created, restored.state.fileSystem, restoreFiles(created.FS, restored.state.fileSystem, (digest) => restored.readFile(digest)));
          return restored.state.jsRefs;
        };
      }
      return created;
    },
  });
  if (module === undefined) throw new Error("Pyodide did not create its module");
  const { state, extents } = (image as RestorableImage | null) ?? {};
  image = null;
  if (state === undefined) installEngine(pyodide, hostModules);
  else restoreStandardDuplicates(module, state.fileSystem);
  forgetLoadedPackages(module);
  const engine = pyodide.pyimport(ENGINE_MODULE);
  if (state !== undefined) (engine["put_back"] as PyFunction)();
  const keep = engine["keep"] as PyFunction;
  const collect = engine["collect"] as PyFunction;
  return {
    pyodide,
    module,
    hostModules,
    extents: extents ?? new ExtentTable([]),
    libraryDigest,
    bootTableLength,
    installedExtensions: state?.extensions.installed ?? [],
    restoredHashes,
    timers,
    clockMs: options.clockMs,
    beforeCapture: () => void keep(),
    collectGarbage: () => void collect(),
  };
}

/** Pyodide's boot lists the packages it finds in a JavaScript object, the last of those that it expects to be the same, and empty, at each capture. */
function forgetLoadedPackages({ API, __hiwire_get: get }: PyodideModule): void {
  const loaded = get(API.getExpectedKeys().length - 1);
  for (const name of Object.keys(loaded)) delete loaded[name];
}

function required<T>(value: T | null): T {
  if (value === null) throw new Error("an image can be restored once only");
  return value;
}

function installEngine(pyodide: PyodideApi, hostModules: HostModules): void {
  for (const [name, module] of Object.entries(hostModules)) pyodide.registerJsModule(name, module);
  pyodide.runPython(`import sys, types
sys.modules["${ENGINE_MODULE}"] = types.ModuleType("${ENGINE_MODULE}")
exec(compile(${JSON.stringify(ENGINE_MODULE_SOURCE)}, "<${ENGINE_MODULE}>", "exec"), sys.modules["${ENGINE_MODULE}"].__dict__)
sys.modules["${ENGINE_MODULE}"]._own["${ENGINE_MODULE}"] = sys.modules["${ENGINE_MODULE}"]
del sys, types`);
}

function growTo(module: PyodideModule, heapBytes: number): void {
  if (module.HEAPU8.length < heapBytes) module.growMemory(heapBytes);
  if (module.HEAPU8.length !== heapBytes) throw new Error(`the snapshot needs ${heapBytes} bytes of memory, the sandbox has ${module.HEAPU8.length}. Raise the memory limit.`);
}

/** Memory as it was. Order matters: pages, stack pointer, inputs. Returns pages that are known to be zero. */
function fill(module: PyodideModule, image: RestorableImage, prefilled: ReadonlySet<Extent>, { inputPath }: BootOptions): readonly PageRun[] {
  const { state, extents: { all } } = image;
  if (state.pyodideBuild !== module.API.config.BUILD_ID) throw new Error("the snapshot was made by another build of Pyodide");
  replayExtensions(module, state.extensions, (digest) => image.readFile(digest));
  const zeroPages = image.fillMemory(module);
  module.___stack_pointer.value = state.stackPointer;
  if (all.length > 0) refillExtents(module, new Utf8Decoder(module), all, prefilled, inputPath);
  return zeroPages;
}
