import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { isProcessAlive, readProcessIdentity } from "../../src/stack/process/process-identity.js";
import { repeated, type Bench, type Measurement } from "../measurement.js";
import { formatMs, medianOf } from "../numbers.js";
import { EmbeddedHome } from "../setup/embedded-home.js";
import { KILL_CELLS, SUB_DELAY_MS, answeredTwice, inMidCell, recovery, type Recovery } from "./recovery.js";

/** SIGKILL of stack, server and worker; `rlm watch` brings all of it back. */
export const killEverything: Measurement = {
  key: "kill-all",
  title: "SIGKILL of everything in mid-cell",
  async measure(bench) {
    const runs = await repeated(bench, () => killOnce(bench));
    return [
      {
        measured: "kill -9 of stack, server and worker in mid-cell: from `rlm watch` to the next step done",
        timesMs: runs.map(({ nextStepMs }) => nextStepMs),
        detail: `session rebuilt and on after ${formatMs(medianOf(runs, ({ sessionMs }) => sessionMs))}, command ended with the answer after ${formatMs(medianOf(runs, ({ answerMs }) => answerMs))}; answered calls sent again: ${Math.max(...runs.map(({ repeated: again }) => again))}`,
        reach: "≤ 5 s",
      },
    ];
  },
};

async function killOnce({ cluster, cleanup }: Bench): Promise<Recovery> {
  await cluster.model.script(KILL_CELLS, SUB_DELAY_MS);
  const home = new EmbeddedHome(cluster, cleanup);
  await home.rlm("up");
  const id = `bench-${randomUUID()}`;
  const { pids } = await home.status();
  await home.rlm("run", "--detach", "--id", id, "-s", "question -> answer", "-i", "question=?");
  await inMidCell(cluster.model);
  await killAll(Object.values(pids).filter((pid) => pid !== null));
  const { spawnedAtMs, endedAtMs } = await home.rlm("watch", id);
  const result = recovery(await home.history(id), spawnedAtMs, endedAtMs, answeredTwice(await cluster.model.ledger()));
  await home.end();
  return result;
}

/** Resolves when all of them are gone. What dies with another one first is no fault. */
async function killAll(pids: readonly number[]): Promise<void> {
  const identities = pids.map(readProcessIdentity).filter((identity) => identity !== null);
  for (const identity of identities) if (isProcessAlive(identity)) process.kill(identity.pid, "SIGKILL");
  while (identities.some(isProcessAlive)) await sleep(5);
}
