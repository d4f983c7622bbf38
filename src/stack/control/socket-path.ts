import { createHash } from "node:crypto";
import { lstatSync, mkdirSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { homePaths } from "../home.js";

/** `sun_path` holds 108 bytes on Linux and 104 on macOS, the closing zero included. */
const MAX_BYTES = 103;

/**
 * Where the control socket of `home` is: in the home, or when that path is too long for a socket, under a hash of the
 * home in a directory of the temp directory that only this user can enter.
 *
 * @throws Error when that directory exists and belongs to someone else or is open to others.
 */
export function controlSocketPath(home: string): string {
  const inHome = homePaths(home).socket;
  if (Buffer.byteLength(inHome) <= MAX_BYTES) return inHome;
  const uid = process.getuid?.() ?? 0;
  const dir = path.join(os.tmpdir(), `durable-rlm-${uid}`);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const stat = lstatSync(dir);
  if (!stat.isDirectory() || stat.uid !== uid || (stat.mode & 0o077) !== 0) {
    throw new Error(`${dir} is not a directory of mode 0700 that belongs to you. Remove it, or set RLM_HOME to a shorter path.`);
  }
  return path.join(dir, `${createHash("sha256").update(home).digest("hex").slice(0, 16)}.sock`);
}
