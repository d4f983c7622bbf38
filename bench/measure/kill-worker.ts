import { repeated, type Bench, type Measurement, type Row } from "../measurement.js";
import { formatMs, medianOf } from "../numbers.js";
import { readHistory, named } from "../run-history.js";
import type { WorkerProcess } from "../setup/worker-process.js";
import { KILL_CELLS, SUB_DELAY_MS, answeredTwice, inMidCell, recovery, type Recovery } from "./recovery.js";

/** SIGKILL of the worker that holds the session, in the middle of a cell with sequential sub-calls. */
export const killWorker: Measurement = {
  key: "kill",
  title: "SIGKILL of the worker in mid-cell",
  async measure(bench) {
    const withAnother = await repeated(bench, () => killOnce(bench, true));
    const alone = await repeated(bench, () => killOnce(bench, false));
    return [
      row("kill -9 of the worker in mid-cell, another is up: next step done", withAnother),
      row("kill -9 of the only worker in mid-cell, restarted at once: next step done", alone),
    ];
  },
};

async function killOnce({ cluster, cleanup }: Bench, anotherIsUp: boolean): Promise<Recovery> {
  await cluster.model.script(KILL_CELLS, SUB_DELAY_MS);
  const workers: WorkerProcess[] = [await cluster.startWorker(cleanup)];
  if (anotherIsUp) workers.push(await cluster.startWorker(cleanup));
  const calledAtMs = Date.now();
  const workflowId = await cluster.start();
  await inMidCell(cluster.model);
  const holder = await sessionHolder(workers, async () => (await readHistory(cluster.client, workflowId)).spans);
  await holder.kill();
  const killedAtMs = Date.now();
  if (!anotherIsUp) workers.push(await cluster.startWorker(cleanup));
  const { history, endedAtMs } = await cluster.finish(workflowId, calledAtMs);
  const result = recovery(history, killedAtMs, endedAtMs, answeredTwice(await cluster.model.ledger()));
  await Promise.all(workers.map((worker) => worker.end()));
  return result;
}

/** The worker that ran the last step of the cell. */
export async function sessionHolder(workers: readonly WorkerProcess[], spans: () => Promise<Parameters<typeof named>[0]>): Promise<WorkerProcess> {
  const last = named(await spans(), "executeCell", "resumeCell", "callAndResume").at(-1);
  const holder = workers.find(({ workerId }) => workerId === last?.worker);
  if (holder === undefined) throw new Error(`No worker of the bench is ${last?.worker}.`);
  return holder;
}

function row(measured: string, runs: readonly Recovery[]): Row {
  return {
    measured,
    timesMs: runs.map(({ nextStepMs }) => nextStepMs),
    detail: `session rebuilt and on after ${formatMs(medianOf(runs, ({ sessionMs }) => sessionMs))}, answer after ${formatMs(medianOf(runs, ({ answerMs }) => answerMs))}; answered calls sent again: ${Math.max(...runs.map(({ repeated: again }) => again))}`,
    reach: "≤ 5 s",
  };
}
