import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync, rmSync, writeSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import type { DashboardRequest } from "./control/protocol.js";
import { homePaths } from "./home.js";
import { withLogFile, withProgramLog } from "./log-file.js";
import { packageRoot } from "./package-files.js";
import { tiedToOurDeath } from "./process/death-tie.js";
import { untilReadyLine } from "./ready-line.js";
import { replaceFile } from "./replace-file.js";
import { LOOPBACK } from "./server/dev-server-flags.js";
import { rememberedPort } from "./server/remembered-ports.js";
import { SupervisedProcess } from "./supervised-process.js";

/** What the home's stack serves. No environment: it may hold secrets. */
const Served = z.object({ cwd: z.string() });

/** It only answers requests; what it started goes on in the worker. */
const GRACE_MS = 2_000;
const MAX_FAILED_STARTS = 3;

export interface ServedDashboardOptions {
  readonly home: string;
  /** Its whole environment. @param own that of the command that asked for it; `null`: the stack's own */
  readonly env: (own: Readonly<Record<string, string>> | null) => NodeJS.ProcessEnv;
  readonly log: (line: string) => void;
  readonly onSpawn: (child: ChildProcess) => void;
}

/** The dashboard of a stack, in a process of its own: asked for once, it is served until the stack is told to stop, also by the next stack after a crash. */
export class ServedDashboard {
  #process: SupervisedProcess | null = null;
  #own: Readonly<Record<string, string>> | null = null;
  #cwd = "";
  #port = 0;

  constructor(private readonly options: ServedDashboardOptions) {}

  /** Without a token; `null`: none is served. */
  get url(): string | null { return this.#process?.ready === true ? `http://${LOOPBACK}:${this.#port}` : null; }
  get isWanted(): boolean { return this.#process !== null; }

  /** Resolves with its address when it answers. @throws Error it cannot be started */
  async serve({ cwd, env }: DashboardRequest): Promise<{ url: string }> {
    const moved = this.#process !== null && cwd !== this.#cwd;
    this.#own = env;
    this.#cwd = cwd;
    try {
      if (moved) await this.#process?.restart();
      else await (this.#process ??= this.#supervised()).start();
    } catch (error) {
      this.#process = null;
      throw error;
    }
    replaceFile(homePaths(this.options.home).dashboard, JSON.stringify({ cwd }));
    return { url: this.url ?? "" };
  }

  /** Serves again what a stack that was killed had served. Does not wait. */
  resume(): void {
    const cwd = readServed(this.options.home);
    if (cwd === null) return;
    this.#cwd = cwd;
    this.#process = this.#supervised();
    this.#process.start().catch((error: unknown) => {
      this.#process = null;
      this.options.log(String(error));
    });
  }

  /** The server's address has changed. */
  restart(): void {
    this.#process?.restart().catch(() => undefined);
  }

  /** Resolves when it is gone. An end that was asked for is remembered: the next stack serves none. */
  async stop(): Promise<void> {
    if (this.#process === null) return;
    rmSync(homePaths(this.options.home).dashboard, { force: true });
    await this.#process.stop();
  }

  #supervised(): SupervisedProcess {
    const { home, env, log, onSpawn } = this.options;
    const { ports, dashboardLog } = homePaths(home);
    return new SupervisedProcess({
      name: "dashboard", graceMs: GRACE_MS, maxFailedStarts: MAX_FAILED_STARTS, log, logFile: dashboardLog,
      spawn: async () => {
        this.#port = await rememberedPort(ports, "dashboard");
        const [program = "", ...args] = tiedToOurDeath([process.execPath, dashboardProgram(), "dashboard", "--port", String(this.#port), "--supervised"]);
        const child = withProgramLog(dashboardLog, (fd) => spawn(program, args, { env: env(this.#own), cwd: this.#cwd, stdio: ["ignore", "pipe", fd], detached: true }));
        onSpawn(child);
        return child;
      },
      untilReady: (child, signal) => untilReadyLine("dashboard", child, signal, (line) => withLogFile(dashboardLog, (fd) => writeSync(fd, `${line}\n`))),
    });
  }
}

/** The command line serves it: the stack only keeps it running. */
export function dashboardProgram(): string {
  return path.join(packageRoot(), "bin", "rlm.js");
}

function readServed(home: string): string | null {
  try {
    return Served.parse(JSON.parse(readFileSync(homePaths(home).dashboard, "utf8"))).cwd;
  } catch {
    return null; // None is to be served.
  }
}
