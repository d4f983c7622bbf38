import { join } from "node:path";
import type { ChildSettings } from "./child/protocol.js";
import type { PackagePaths } from "./package-paths.js";

/** A process to start. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The program starts the interpreter as a process of its own and writes JSON with the key `child-pid` to descriptor 3. @default false */
  readonly reportsChildPid?: boolean;
}

const WASM_PAGE_BYTES = 65_536;
/** Descriptor that bubblewrap reports to; the first one after stdio. */
const INFO_FD = 3;

const MIB = String(2 ** 20);

/**
 * For glibc's allocator: one arena instead of one for each thread of V8's, and what is larger than 1 MiB (frames, files, Pyodide's program) goes
 * back to the system at once. A parked session takes 90 MB beyond its heap instead of 120 to 180; a boot takes as long, or a little less.
 */
const ALLOCATOR = { MALLOC_ARENA_MAX: "1", MALLOC_MMAP_THRESHOLD_: MIB, MALLOC_TRIM_THRESHOLD_: MIB };

/**
 * Deno with nothing but the right to read Pyodide, its program and the session's inputs. Measured for the V8 flags: a small young generation and
 * `--optimize-for-size` save 16-26 MB a session at no cost seen; the page limit is the hard stop behind the soft `memory.grow` limit.
 */
export function denoCommand(denoBinary: string, paths: PackagePaths, settings: ChildSettings, denoCache: string): Command {
  const readable = [paths.pyodideDirectory, paths.childDirectory, paths.snapshotDirectory, settings.inputsDirectory];
  const v8Flags = [
    "--disallow-code-generation-from-strings",
    `--wasm-max-mem-pages=${Math.ceil(settings.memoryLimitBytes / WASM_PAGE_BYTES)}`,
    "--max-semi-space-size=1",
    "--optimize-for-size",
    // A boot allocates 25 MB: without collections in between it takes a seventh less processor time. The collection after it sets the limit anew.
    "--initial-heap-size=96",
    "--expose-gc",
  ];
  return {
    file: denoBinary,
    args: [
      "run",
      ...["--no-prompt", "--quiet", "--no-remote", "--no-npm", "--no-config", "--no-lock"],
      `--v8-flags=${v8Flags.join(",")}`,
      // A comma inside a path is written twice.
      `--allow-read=${readable.map((path) => path.replaceAll(",", ",,")).join(",")}`,
      join(paths.childDirectory, "main.js"),
      JSON.stringify(settings),
    ],
    env: { HOME: "/nonexistent", DENO_DIR: denoCache, DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1", ...ALLOCATOR },
  };
}

/** Where Deno finds its cache behind bubblewrap. */
const WALLED_CACHE = "/tmp/deno";

/**
 * The same inside bubblewrap: no network, no other process, no file but those bound here, nothing writable but a private /tmp. Costs ~8 ms. `deno run` panics
 * without /proc/self/exe. Deno itself is process 1 in there, so that the pid that bubblewrap reports is the interpreter's.
 */
export function bubblewrapCommand(bubblewrap: string, inner: Command, readOnlyPaths: readonly string[]): Command {
  const systemLibraries = ["/lib", "/lib64", "/usr/lib", "/usr/lib64", "/nix/store", "/etc/ld.so.cache"];
  const { DENO_DIR: cache, ...others } = inner.env;
  const env = { ...others, DENO_DIR: WALLED_CACHE };
  return {
    file: bubblewrap,
    args: [
      ...["--unshare-all", "--die-with-parent", "--new-session", "--as-pid-1", "--clearenv", "--hostname", "sandbox", "--cap-drop", "ALL", "--info-fd", String(INFO_FD)],
      ...Object.entries(env).flatMap(([name, value]) => ["--setenv", name, value]),
      ...systemLibraries.flatMap((path) => ["--ro-bind-try", path, path]),
      ...["--tmpfs", "/tmp", "--dev", "/dev", "--proc", "/proc"],
      ...[inner.file, ...readOnlyPaths].flatMap((path) => ["--ro-bind", path, path]),
      ...(cache === undefined ? [] : ["--ro-bind", cache, WALLED_CACHE]),
      ...["--chdir", "/"],
      ...["--", inner.file, ...inner.args],
    ],
    env: {},
    reportsChildPid: true,
  };
}
