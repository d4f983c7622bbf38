import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "./sandbox-command.js";
import { SandboxUnavailableError } from "./session.js";
import { StderrTail } from "./stderr-tail.js";

const PREFIX = "deno-cache-";
/** It takes half a second. */
const TIMEOUT_MS = 60_000;
/** Every session that is started marks the directory it uses: one that is older belongs to a build that was replaced. */
const UNUSED_MS = 7 * 24 * 3_600_000;

/**
 * Directory with Deno's analysis and V8's code of the sandbox's program and of Pyodide's, 6 MB: with it a sandbox starts sooner (1.0 instead of 1.3 s on
 * a busy machine) and takes 26 MB less memory. Made once, by a process that loads the program and ends without having seen anything of a run; sessions get it read-only
 * (without bubblewrap by Deno's permissions: the program cannot write). What does not fit it, e.g. after an update of Deno, is compiled as if it
 * were not there.
 *
 * @param workDir where it is kept for later factories.
 * @param program identity of the program's text.
 * @param commandFor the sandbox's command with a given cache directory, told to only load its program.
 * @throws {SandboxUnavailableError} Deno does not run here.
 */
export async function ensureDenoCache(workDir: string, program: string, commandFor: (cache: string) => Command): Promise<string> {
  const directory = join(workDir, `${PREFIX}${keyOf(program, commandFor(""))}`);
  if (markUsed(directory)) return directory;
  mkdirSync(workDir, { recursive: true, mode: 0o700 });
  const made = mkdtempSync(join(workDir, `${PREFIX}new-`));
  try {
    await load(commandFor(made));
    renameSync(made, directory);
  } catch (error) {
    rmSync(made, { recursive: true, force: true });
    // Another process may have been faster.
    if (!existsSync(directory)) throw error;
  }
  return directory;
}

/**
 * Removes the directories of other builds that nobody has used for a week, and what killed makers left. A worker that wakes up after that makes its own
 * again.
 */
export function removeUnusedCaches(workDir: string, nowMs: number): void {
  for (const name of readdirSync(workDir).filter((each) => each.startsWith(PREFIX))) {
    const directory = join(workDir, name);
    // Another process may be doing the same.
    const usedAtMs = statSync(directory, { throwIfNoEntry: false })?.mtimeMs ?? nowMs;
    if (nowMs - usedAtMs > UNUSED_MS) rmSync(directory, { recursive: true, force: true });
  }
}

/** Whether the directory is there; if so, it counts as used now. */
function markUsed(directory: string): boolean {
  if (!existsSync(directory)) return false;
  const now = new Date();
  utimesSync(directory, now, now);
  return true;
}

/** Code is bound to the runtime and its flags too, which V8 checks by itself; a key of their own keeps them from replacing each other's. */
function keyOf(program: string, { file, args }: Command): string {
  const { size, mtimeMs } = statSync(file);
  return createHash("sha256").update(JSON.stringify([program, file, size, mtimeMs, args])).digest("hex").slice(0, 16);
}

async function load({ file, args, env }: Command): Promise<void> {
  const child = spawn(file, [...args], { env: { ...env }, stdio: ["ignore", "ignore", "pipe"], cwd: "/", timeout: TIMEOUT_MS, killSignal: "SIGKILL" });
  const said = new StderrTail();
  child.stderr.on("data", (chunk: Buffer) => said.add(chunk));
  const [code, signal] = (await once(child, "close")) as [number | null, string | null];
  if (code !== 0) throw new SandboxUnavailableError(`The sandbox's program could not be loaded: Deno ended with ${signal ?? code}. ${said.text}`.trim());
}
