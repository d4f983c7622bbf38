import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { text } from "node:stream/consumers";
import { packageRoot } from "../stack/package-files.js";

const program = (): string => path.join(packageRoot(), "bin", "rlm.js");

/** Runs an `rlm` command to its end. */
export async function rlm(env: NodeJS.ProcessEnv, args: readonly string[]): Promise<{ readonly exitCode: number; readonly stdout: string }> {
  const child = spawn(process.execPath, [program(), ...args], { env, stdio: ["ignore", "pipe", "ignore"] });
  const [stdout, [code]] = await Promise.all([text(child.stdout), once(child, "exit") as Promise<[number | null]>]);
  return { exitCode: code ?? 1, stdout };
}

/** Runs an `rlm` command on this terminal. */
export function rlmAttached(env: NodeJS.ProcessEnv, args: readonly string[]): { readonly ended: Promise<number> } {
  const child = spawn(process.execPath, [program(), ...args], { env, stdio: "inherit" });
  return { ended: once(child, "exit").then(([code]) => (code as number | null) ?? 1) };
}
