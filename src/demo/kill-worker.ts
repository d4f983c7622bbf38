import { setTimeout as sleep } from "node:timers/promises";
import { rlm } from "./rlm-process.js";

/** Sub-calls answered before the worker is killed. The script makes 3 one by one, then a batch of about 30: this is in the middle of the batch. */
const ANSWERED_CALLS = 10;

export interface KillInMidCell {
  readonly env: NodeJS.ProcessEnv;
  /** Sub-calls that the model server has answered so far. */
  readonly answeredSubCalls: () => number;
  /** Resolves when the run is over. */
  readonly ended: Promise<number>;
  readonly say: (line: string) => void;
}

/**
 * Waits until the run is in the middle of a cell, with some of the cell's sub-calls answered, and kills the worker process with SIGKILL.
 * @returns `false` when the run ended before.
 */
export async function killWorkerInMidCell({ env, answeredSubCalls, ended, say }: KillInMidCell): Promise<boolean> {
  const over = new AbortController();
  void ended.then(() => over.abort());
  let workerPid: number | null = null;
  while (!over.signal.aborted) {
    if (workerPid === null) workerPid = await findWorker(env);
    else if (answeredSubCalls() >= ANSWERED_CALLS) {
      process.kill(workerPid, "SIGKILL");
      say(`kill -9 ${workerPid}: the worker is dead, in mid-cell, with ${answeredSubCalls()} sub-calls answered`);
      return true;
    }
    await sleep(10);
  }
  return false;
}

async function findWorker(env: NodeJS.ProcessEnv): Promise<number | null> {
  const { stdout } = await rlm(env, ["status", "--json"]);
  const { pids } = JSON.parse(stdout || "{}") as { pids?: { worker?: number | null } | null };
  return pids?.worker ?? null;
}
