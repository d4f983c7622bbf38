import { spawn } from "node:child_process";
import { once } from "node:events";
import { access, constants } from "node:fs/promises";
import type { Readable } from "node:stream";
import { bubblewrapCommand } from "./sandbox-command.js";
import { type IsolationLevel, SandboxUnavailableError } from "./session.js";
import { StderrTail } from "./stderr-tail.js";

export type BubblewrapMode = "auto" | "off" | "require";

/** Where systems install it. Not PATH: what walls the model's code in is not to be picked from wherever the user's shell points. */
const PLACES = ["/usr/bin/bwrap", "/usr/local/bin/bwrap", "/bin/bwrap", "/run/current-system/sw/bin/bwrap"];
const PROBE_TIMEOUT_MS = 10_000;

/** What walls in the sandboxes of this machine. */
export interface Isolation {
  readonly level: IsolationLevel;
  /** For a person: what is in force, and where the outer wall is missing also why and what to do. */
  readonly explanation: string;
  /** Path of a bubblewrap that was seen to work here; `null`: it is not used. */
  readonly bubblewrap: string | null;
}

/**
 * Finds the strongest walls that work here, by trying them: user namespaces may be off although bubblewrap is installed.
 * @throws {SandboxUnavailableError} mode "require" and bubblewrap is missing or does not work.
 */
export async function findIsolation(mode: BubblewrapMode, denoBinary: string): Promise<Isolation> {
  if (mode === "off") return denoAlone("bubblewrap is switched off");
  const found = await firstExecutable(PLACES);
  const problem = found === null ? `none of ${PLACES.join(", ")} exists` : await probe(found, denoBinary);
  if (problem === null) {
    return { level: "deno+bubblewrap", bubblewrap: found, explanation: "Deno's permissions inside bubblewrap: no network, no other process, no file of this machine but Pyodide and the run's own inputs" };
  }
  if (mode === "require") throw new SandboxUnavailableError(`Sandboxes must run inside bubblewrap here, but ${problem}. Install bubblewrap and allow user namespaces, or allow sandboxes without it.`);
  const cure = process.platform === "linux" ? "Install bubblewrap and allow user namespaces for a second wall." : "The second wall, bubblewrap, exists on Linux only.";
  return denoAlone(`${problem}. ${cure}`);
}

function denoAlone(why: string): Isolation {
  return { level: "deno", bubblewrap: null, explanation: `Deno's permissions alone: ${why}` };
}

/** Starts Deno inside exactly the walls that sessions get. Returns what is wrong, or `null`. */
async function probe(bubblewrap: string, denoBinary: string): Promise<string | null> {
  const { file, args, env } = bubblewrapCommand(bubblewrap, { file: denoBinary, args: ["--version"], env: { HOME: "/nonexistent" } }, []);
  const child = spawn(file, args, { env, stdio: ["ignore", "ignore", "pipe", "pipe"], timeout: PROBE_TIMEOUT_MS, killSignal: "SIGKILL" });
  const said = new StderrTail();
  child.stderr?.on("data", (chunk: Buffer) => said.add(chunk));
  try {
    const ended = once(child, "exit") as Promise<[number | null, string | null]>;
    (child.stdio[3] as Readable).resume();
    const [code, signal] = await ended;
    return code === 0 ? null : `it does not work: ${said.text.slice(0, 300) || `ended with ${signal ?? code}`}`;
  } catch (error) {
    return `it does not work: ${String(error)}`;
  }
}

async function firstExecutable(paths: readonly string[]): Promise<string | null> {
  for (const path of paths) {
    try {
      await access(path, constants.X_OK);
      return path;
    } catch {
      // Not here.
    }
  }
  return null;
}
