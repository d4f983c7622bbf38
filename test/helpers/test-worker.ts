import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import { compiledProgram } from "../../src/stack/package-files.js";

export interface TestWorker {
  readonly pid: number;
  readonly workerId: string;
  readonly buildId: string;
  /** Resolves when the process is gone. */
  readonly exited: Promise<void>;
  /** Log lines so far (stderr). */
  log(): string;
  /** SIGKILL, waited for. */
  kill(): Promise<void>;
  /** SIGTERM, waited for. */
  stop(): Promise<void>;
  signal(name: NodeJS.Signals): void;
}

/** Relative to `dist`; an absolute path is that of another build. */
export const WORKER_PROGRAM = "worker/main.js";

/** A real worker process; ready when it resolves. */
export async function startTestWorker(env: Record<string, string>, [program, ...args]: readonly [string, ...string[]] = [WORKER_PROGRAM]): Promise<TestWorker> {
  const { PATH } = process.env;
  const child: ChildProcess = spawn(process.execPath, [path.resolve(compiledProgram("."), program), ...args], {
    env: { ...(PATH === undefined ? {} : { PATH }), HOME: path.join(env["RLM_HOME"] ?? "/nonexistent"), RLM_EXIT_WITH_PARENT: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = once(child, "exit").then(() => undefined);
  let stderr = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const killNow = (): void => void child.kill("SIGKILL");
  process.once("exit", killNow);
  void exited.then(() => process.removeListener("exit", killNow));
  if (child.stdout === null) throw new Error("The worker's stdout is a pipe.");
  const ready = once(createInterface(child.stdout), "line").then(([line]) => JSON.parse(String(line)) as { workerId: string; buildId: string });
  const died = exited.then(() => Promise.reject(new Error(`The worker ended before it was ready:\n${stderr.slice(-4000)}`)));
  const { workerId, buildId } = await Promise.race([ready, died]);
  died.catch(() => undefined);
  const end = async (name: NodeJS.Signals): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(name);
    await exited;
  };
  return {
    pid: child.pid ?? 0, workerId, buildId, exited,
    log: () => stderr,
    kill: () => end("SIGKILL"),
    stop: () => end("SIGTERM"),
    signal: (name) => void child.kill(name),
  };
}
