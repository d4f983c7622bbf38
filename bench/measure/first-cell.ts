import { setTimeout as sleep } from "node:timers/promises";
import { repeated, type Measurement } from "../measurement.js";
import { formatMs, medianOf } from "../numbers.js";
import { firstCell, workMs } from "../run-history.js";

/** Until the worker has booted the next session ahead: 0.1 s pause and about 0.5 s of boot. */
export const POOL_REFILL_MS = 1500;

/** From the call of the client until the first cell is done, on a stack that runs. */
export const firstCellByClient: Measurement = {
  key: "start",
  title: "Start of a run, by the client",
  async measure(bench) {
    const { cluster, cleanup } = bench;
    const worker = await cluster.startWorker(cleanup);
    await cluster.model.script(["print(1)", "SUBMIT(answer='x')"]);
    await cluster.run();
    const runs = await repeated(bench, async () => {
      await sleep(POOL_REFILL_MS);
      return firstCell(await cluster.run());
    });
    return [
      {
        measured: "call to first cell done, running stack, client API",
        timesMs: runs.map(({ totalMs }) => totalMs),
        detail: `until the workflow exists ${formatMs(medianOf(runs, ({ acceptedMs }) => acceptedMs))}, new session ${formatMs(medianOf(runs, ({ begin }) => workMs(begin)))}; worker ready after ${formatMs(worker.readyMs)} (its base image made anew or found)`,
        reach: "≤ 0.2 s",
      },
    ];
  },
};
