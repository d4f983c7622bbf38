import { spawn, type ChildProcess } from "node:child_process";
import { writeSync } from "node:fs";
import { homePaths } from "./home.js";
import { withLogFile, withProgramLog } from "./log-file.js";
import { tiedToOurDeath } from "./process/death-tie.js";
import { untilReadyLine } from "./ready-line.js";
import { SupervisedProcess } from "./supervised-process.js";

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
    untilReady: (child, signal) => untilReadyLine("worker", child, signal, (line) => withLogFile(workerLog, (fd) => writeSync(fd, `${line}\n`))),
  });
}
