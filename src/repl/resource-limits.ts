import type { Command } from "./sandbox-command.js";

export interface ResourceLimits {
  /** Memory the process may have for writing, in bytes, whatever it is used for. */
  readonly dataBytes: number;
}

/** Deno with a booted interpreter has 700 MiB of writable mappings (and a fifth of that in real memory); the rest is room for its JavaScript heap. */
const DENO_DATA_BYTES = 2 * 2 ** 30;
const OPEN_FILES = 256;

/**
 * What a session may need at most: Python's memory, its files (which may be copied while they grow), and during a capture the compressed image twice.
 * Beyond it allocations fail in the child, where otherwise the whole machine would run out of memory: Python's own limit counts neither JavaScript
 * objects nor threads.
 */
export function resourceLimitsOf(memoryLimitBytes: number, fileQuotaBytes: number): ResourceLimits {
  return { dataBytes: DENO_DATA_BYTES + 3 * memoryLimitBytes + 2 * fileQuotaBytes };
}

/**
 * The command under the system's own limits, which its children inherit: writable memory, open files, and no core dumps (they would hold the user's inputs).
 * A limit that the system does not know is left out: macOS ignores the one of memory.
 */
export function limitedCommand(command: Command, { dataBytes }: ResourceLimits): Command {
  const limits = ["-c 0", `-n ${OPEN_FILES}`, `-d ${Math.ceil(dataBytes / 1024)}`];
  const script = [...limits.map((limit) => `ulimit ${limit} 2>/dev/null`), 'exec "$@"'].join("; ");
  return { ...command, file: "/bin/sh", args: ["-c", script, "sh", command.file, ...command.args] };
}
