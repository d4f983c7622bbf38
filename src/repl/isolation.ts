import { execFile } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { promisify } from "node:util";
import { bubblewrapCommand } from "./sandbox-command.js";
import { SandboxUnavailableError } from "./session.js";

export type BubblewrapMode = "auto" | "off" | "require";

/** Where systems install it. Not PATH: what walls the model's code in is not to be picked from wherever the user's shell points. */
const PLACES = ["/usr/bin/bwrap", "/usr/local/bin/bwrap", "/bin/bwrap", "/run/current-system/sw/bin/bwrap"];

/** Path of a bubblewrap that really works here (user namespaces may be off), or `null`. @throws {SandboxUnavailableError} mode "require" and there is none. */
export async function findBubblewrap(mode: BubblewrapMode, denoBinary: string): Promise<string | null> {
  if (mode === "off") return null;
  const found = await firstExecutable(PLACES);
  const problem = found === null ? `none of ${PLACES.join(", ")} exists` : await probe(found, denoBinary);
  if (problem === null) return found;
  if (mode === "require") throw new SandboxUnavailableError(`Sandboxes must run inside bubblewrap here, but ${problem}. Install bubblewrap and allow user namespaces, or allow sandboxes without it.`);
  return null;
}

/** Starts Deno inside exactly the walls that sessions get. Returns what is wrong, or `null`. */
async function probe(bubblewrap: string, denoBinary: string): Promise<string | null> {
  const { file, args, env } = bubblewrapCommand(bubblewrap, { file: denoBinary, args: ["--version"], env: { HOME: "/nonexistent" } }, []);
  try {
    await promisify(execFile)(file, [...args], { env, timeout: 10_000 });
    return null;
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    return `it does not work: ${(stderr || String(error)).trim().slice(0, 300)}`;
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
