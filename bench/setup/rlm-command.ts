import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { text } from "node:stream/consumers";
import { packageRoot } from "../../src/stack/package-files.js";
import { childEnd } from "../../src/stack/process/end-child.js";
import type { Cleanup } from "./cleanup.js";

export interface CommandResult {
  readonly spawnedAtMs: number;
  readonly endedAtMs: number;
  readonly exitCode: number;
  readonly stdout: string;
}

/** The longest command of the bench is shorter, even when it starts a stack. */
const INTERRUPTED_MS = 30_000;

/**
 * Runs an `rlm` command to its end.
 *
 * @param cleanup waits for it when the bench is interrupted: a stack that it has just begun to start would outlive `rlm down` otherwise.
 * `null` for a command that is itself part of the cleaning up
 * @throws Error with what it said when it failed
 */
export async function rlm(env: NodeJS.ProcessEnv, args: readonly string[], cleanup: Cleanup | null): Promise<CommandResult> {
  cleanup?.assertOpen();
  const spawnedAtMs = Date.now();
  const child = spawn(process.execPath, [path.join(packageRoot(), "bin", "rlm.js"), ...args], { env, stdio: ["ignore", "pipe", "pipe"], detached: true });
  const end = cleanup?.add(async () => {
    const patience = setTimeout(() => child.kill("SIGKILL"), INTERRUPTED_MS);
    await childEnd(child);
    clearTimeout(patience);
  });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit") as Promise<[number | null]>]);
  await end?.();
  if (code !== 0) throw new Error(`rlm ${args.join(" ")} ended with ${String(code)}: ${stderr.slice(-2000)}`);
  return { spawnedAtMs, endedAtMs: Date.now(), exitCode: code, stdout };
}
