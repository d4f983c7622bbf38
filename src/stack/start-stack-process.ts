import { spawn } from "node:child_process";
import { waitForStack } from "./attach-stack.js";
import type { EnsureStackOptions } from "./ensure-stack.js";
import { StackError } from "./errors.js";
import { homePaths } from "./home.js";
import { lastLogLine, withProgramLog } from "./log-file.js";
import { compiledProgram } from "./package-files.js";
import { readProcessIdentity } from "./process/process-identity.js";

/**
 * Starts the background process of a home and waits until its server and worker are ready.
 *
 * @throws StackError `stack_failed` with what it said last, when it ends before.
 */
export async function startStackProcess(options: EnsureStackOptions & { onProgress: (line: string) => void }): Promise<void> {
  const { home, env, ui = false, workerCommand, onProgress } = options;
  const { stackLog } = homePaths(home);
  const args = [compiledProgram("src/stack/daemon-main.js"), "--home", home,
    ...(ui ? ["--ui"] : []), ...(workerCommand === undefined ? [] : ["--worker-command", JSON.stringify(workerCommand)])];
  // Detached: its own session, so that neither Ctrl-C nor the end of the terminal reaches it.
  const child = withProgramLog(stackLog, (fd) => spawn(process.execPath, args, { env, cwd: home, stdio: ["ignore", fd, fd], detached: true }));
  const spawned = new Promise<void>((resolve, reject) => { child.once("spawn", resolve).once("error", reject); });
  child.unref();
  await spawned;
  const identity = readProcessIdentity(child.pid ?? 0);
  const state = identity === null ? "ended" : await waitForStack(home, identity, onProgress);
  if (state === "ended") {
    throw new StackError("stack_failed", `The embedded stack ended while it was starting: ${lastLogLine(stackLog) || "it said nothing"}`,
      `Look into ${stackLog}, and try "rlm doctor".`);
  }
}
