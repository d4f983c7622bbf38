import childProcess from "node:child_process";
import type { PyodideModule } from "../../snapshot/emscripten.js";

/** What a shell answers for an unknown command. */
const COMMAND_NOT_FOUND = { status: 127, signal: null };

/**
 * Emscripten believes to run in Node and calls its process functions. Deno refuses them by throwing, and a JavaScript exception through the
 * interpreter's frames ends the session: a mere `os.getuid()` or `os.system()` would. So they answer, harmlessly and always the same.
 */
export function closeDoors(): void {
  let mask = 0o022;
  process.umask = (wanted?: string | number) => {
    const old = mask;
    if (wanted !== undefined) mask = Number(wanted) & 0o777;
    return old;
  };
  process.getuid = () => 0;
  childProcess.spawnSync = (() => COMMAND_NOT_FOUND) as unknown as typeof childProcess.spawnSync;
  // Stdout carries frames.
  for (const method of ["log", "info", "warn", "error", "debug", "trace"] as const) console[method] = () => {};
}

/** A terminal would read our stdin, and with it the host's frames: /dev/tty is at its end instead. */
export function closeTerminals({ FS }: PyodideModule): void {
  for (const path of ["/dev/tty", "/dev/tty1"]) {
    const device = FS.devices[FS.lookupPath(path).node.rdev];
    if (device === undefined) throw new Error(`${path} is not a device`);
    device.stream_ops.read = () => 0;
  }
}
