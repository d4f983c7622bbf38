import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { writeSync } from "node:fs";
import { homePaths } from "./home.js";
import { withLogFile, withProgramLog } from "./log-file.js";
import { tiedToOurDeath } from "./process/death-tie.js";
import { SupervisedProcess } from "./supervised-process.js";

/** 0.54 s on an idle machine with a prebuilt bundle. */
const READY_LIMIT_MS = 60_000;
/** As long as the worker's own grace for running activities. */
const GRACE_MS = 10_000;
const MAX_FAILED_STARTS = 5;

export interface WorkerProcessOptions {
  readonly home: string;
  /** Program and arguments. It prints one line `{"ready":true,…}` on stdout when it polls, and stops on SIGTERM. */
  readonly command: readonly string[];
  /** Asked anew for each start. */
  readonly env: () => NodeJS.ProcessEnv;
  readonly log: (line: string) => void;
  /** Called synchronously after each spawn. */
  readonly onSpawn: (child: ChildProcess) => void;
}

/** The supervised worker of a home. Its output goes to the home's worker log. */
export function supervisedWorker({ home, command, env, log, onSpawn }: WorkerProcessOptions): SupervisedProcess {
  const { workerLog } = homePaths(home);
  const [file = "", ...args] = tiedToOurDeath(command);
  return new SupervisedProcess({
    name: "worker", graceMs: GRACE_MS, maxFailedStarts: MAX_FAILED_STARTS, log, logFile: workerLog,
    async spawn() {
      const child = withProgramLog(workerLog, (fd) => spawn(file, args, { env: env(), cwd: home, stdio: ["ignore", "pipe", fd], detached: true }));
      onSpawn(child);
      return child;
    },
    untilReady: (child, signal) => readyLine(child, signal, workerLog),
  });
}

function readyLine(child: ChildProcess, signal: AbortSignal, logFile: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (reason: unknown): void => { clearTimeout(timer); reject(reason); };
    const timer = setTimeout(() => fail(new Error(`The worker was not ready after ${READY_LIMIT_MS / 1000} s.`)), READY_LIMIT_MS);
    signal.addEventListener("abort", () => fail(signal.reason), { once: true });
    if (child.stdout === null) return fail(new Error("The worker has no output to read."));
    // Read for the child's whole life: a full pipe would stop it.
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (isReadyLine(line)) { clearTimeout(timer); resolve(); }
      withLogFile(logFile, (fd) => writeSync(fd, `${line}\n`));
    });
  });
}

function isReadyLine(line: string): boolean {
  try {
    const message: unknown = JSON.parse(line);
    return typeof message === "object" && message !== null && "ready" in message && message.ready === true;
  } catch {
    return false;
  }
}
