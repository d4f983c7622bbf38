import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { compiledProgram } from "../../src/stack/package-files.js";
import type { Cleanup } from "./cleanup.js";
import { ownChild, whenReady, type OwnChild } from "./own-child.js";

export interface WorkerProcess extends OwnChild {
  readonly workerId: string;
  readonly buildId: string;
  /** From its start until it polls. */
  readonly readyMs: number;
}

/** A real worker process, ready when it resolves. Other environment of ours does not reach it. */
export async function startWorkerProcess(env: Readonly<Record<string, string>>, cleanup: Cleanup): Promise<WorkerProcess> {
  const spawnedAtMs = Date.now();
  const { PATH = "" } = process.env;
  const child = spawn(process.execPath, [compiledProgram("worker/main.js")], {
    env: { PATH, RLM_EXIT_WITH_PARENT: "1", RLM_LOG_LEVEL: "warn", ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const own = ownChild(child, cleanup);
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr = (stderr + text).slice(-4000)));
  const line = once(createInterface(child.stdout), "line").then(([text]) => JSON.parse(String(text)) as { workerId: string; buildId: string });
  const { workerId, buildId } = await whenReady(child, "The worker", line, () => stderr);
  return { ...own, workerId, buildId, readyMs: Date.now() - spawnedAtMs };
}
