import { spawn, type ChildProcess } from "node:child_process";
import { writeSync } from "node:fs";
import { withLogFile, withProgramLog } from "../log-file.js";
import { compiledProgram } from "../package-files.js";
import { tiedToOurDeath } from "../process/death-tie.js";
import { untilReadyLine } from "../ready-line.js";
import { SupervisedProcess } from "../supervised-process.js";

/** Tools are told to stop, and get a moment. What they leave undone is done by the next process. */
const GRACE_MS = 5_000;
/** A file that cannot be run will not run the next time; a busy machine gets a second chance. */
const MAX_FAILED_STARTS = 2;

export interface SupervisedToolsOptions {
  /** Absolute path of the file of tools. */
  readonly file: string;
  /** Of its bytes, SHA-256 in hex: a file that has changed is refused. */
  readonly digest: string;
  readonly cwd: string;
  /** Asked anew for each start. */
  readonly env: () => NodeJS.ProcessEnv;
  /** Where the tools' output goes. `null`: to our own stderr */
  readonly logFile: string | null;
  readonly log: (line: string) => void;
  /** Called synchronously after each spawn. @default nothing */
  readonly onSpawn?: (child: ChildProcess) => void;
}

/** The process that hosts the tools of a file, started again when it ends. */
export function supervisedTools({ file, digest, cwd, env, logFile, log, onSpawn = () => undefined }: SupervisedToolsOptions): SupervisedProcess {
  const [program = "", ...args] = tiedToOurDeath([process.execPath, compiledProgram("worker/tool-main.js"), file, digest]);
  const start = (stderr: number | "inherit"): ChildProcess => spawn(program, args, { env: env(), cwd, stdio: ["ignore", "pipe", stderr], detached: true });
  const onLine = (line: string): void => {
    if (logFile === null) process.stderr.write(`${line}\n`);
    else withLogFile(logFile, (fd) => writeSync(fd, `${line}\n`));
  };
  return new SupervisedProcess({
    name: "tool process", graceMs: GRACE_MS, maxFailedStarts: MAX_FAILED_STARTS, log, logFile: logFile ?? "",
    async spawn() {
      const child = logFile === null ? start("inherit") : withProgramLog(logFile, start);
      onSpawn(child);
      return child;
    },
    untilReady: (child, signal) => untilReadyLine("tool process", child, signal, onLine),
  });
}
