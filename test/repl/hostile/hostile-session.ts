import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { resolveDenoBinary } from "../../../src/repl/deno-binary.js";
import { type BubblewrapMode, findIsolation } from "../../../src/repl/isolation.js";
import { resolvePackagePaths } from "../../../src/repl/package-paths.js";
import { limitedCommand, resourceLimitsOf } from "../../../src/repl/resource-limits.js";
import { bubblewrapCommand, denoCommand } from "../../../src/repl/sandbox-command.js";
import { SandboxProcess } from "../../../src/repl/sandbox-process.js";
import { SandboxSession } from "../../../src/repl/sandbox-session.js";
import { SessionDirectory } from "../../../src/repl/session-directory.js";

const MEMORY_LIMIT_BYTES = 256 * 2 ** 20;

export interface HostileOptions {
  /** JavaScript that takes the place of the sandbox's program. It must answer the first frame, a restore, with `ready`. */
  readonly program: string;
  readonly directory: string;
  readonly bubblewrap: BubblewrapMode;
  readonly graceMs?: number;
  /** Deno with all its permissions: what then holds is bubblewrap's wall. @default false */
  readonly allowAll?: boolean;
}

/** A session exactly as the factory makes it, walls and all, but for its program. A missing bubblewrap throws. */
export async function startHostile({ program, directory, bubblewrap, graceMs = 1000, allowAll = false }: HostileOptions): Promise<SandboxSession> {
  const childDirectory = mkdtempSync(join(directory, "sessions/", "program-"));
  writeFileSync(join(childDirectory, "main.js"), program);
  const own = new SessionDirectory(join(directory, "sessions"));
  const paths = { ...resolvePackagePaths(), childDirectory };
  const settings = { buildId: "hostile", pyodideDirectory: paths.pyodideDirectory, inputsDirectory: own.inputs, memoryLimitBytes: MEMORY_LIMIT_BYTES, fileQuotaBytes: 2 ** 20, purpose: "boot" } as const;
  const denoBinary = resolveDenoBinary();
  const isolation = await findIsolation(bubblewrap, denoBinary);
  const permitted = denoCommand(denoBinary, paths, settings, mkdtempSync(join(directory, "sessions/", "cache-")));
  const deno = allowAll ? { ...permitted, args: permitted.args.map((arg) => (arg.startsWith("--allow-read=") ? "-A" : arg)) } : permitted;
  const readable = [paths.pyodideDirectory, childDirectory, paths.snapshotDirectory, own.inputs];
  const walled = isolation.bubblewrap === null ? deno : bubblewrapCommand(isolation.bubblewrap, deno, readable);
  const started = await SandboxProcess.start(limitedCommand(walled, resourceLimitsOf(MEMORY_LIMIT_BYTES, 2 ** 20)));
  const reopen = (): Promise<never> => Promise.reject(new Error("a hostile session has no fork"));
  const session = new SandboxSession({ process: started, directory: own, memoryLimitBytes: MEMORY_LIMIT_BYTES, graceMs, reopen });
  await session.restore({ parts: [], inputs: [] });
  return session;
}
