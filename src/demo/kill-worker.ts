import { setTimeout as sleep } from "node:timers/promises";
import { rlm } from "./rlm-process.js";

/** Calls of the batch that are answered before the worker is killed: some are stored, some in flight, some not sent. */
const ANSWERED_CALLS = 10;

/**
 * Waits until the run is in the middle of a cell, some of whose sub-calls are answered, and kills the worker process with SIGKILL.
 * @returns `false` when the run ended before.
 */
export async function killWorkerInMidCell(env: NodeJS.ProcessEnv, id: string, ended: Promise<number>, say: (line: string) => void): Promise<boolean> {
  let over = false;
  void ended.then(() => (over = true));
  while (!over) {
    const { exitCode, stdout } = await rlm(env, ["trajectory", id, "--json"]);
    const answered = exitCode === 0 ? answeredInOpenTurn(stdout) : 0;
    if (answered >= ANSWERED_CALLS) {
      const { pids } = JSON.parse((await rlm(env, ["status", "--json"])).stdout) as { pids: { worker: number } };
      process.kill(pids.worker, "SIGKILL");
      say(`kill -9 ${pids.worker}: the worker is dead, in mid-cell, with ${answered} of the cell's sub-calls answered`);
      return true;
    }
    await sleep(50);
  }
  return false;
}

function answeredInOpenTurn(trajectoryJson: string): number {
  const { turns } = JSON.parse(trajectoryJson) as { turns: { observation: string | null; calls: { reply: string | null }[] }[] };
  const open = turns.find(({ observation }) => observation === null);
  return open?.calls.filter(({ reply }) => reply !== null).length ?? 0;
}
