import { setTimeout as sleep } from "node:timers/promises";
import { pauseRun, resumeRun } from "../../src/client/control-run.js";
import type { LedgerRow } from "../../src/testing/index.js";
import { sessionHolder } from "../measure/kill-worker.js";
import type { Bench } from "../measurement.js";
import { named, readHistory, type RunHistory } from "../run-history.js";
import { ROOT_MODEL, SUB_MODEL } from "../setup/model-process.js";
import type { WorkerProcess } from "../setup/worker-process.js";
import { PART_DELAY_MS, type Strike } from "./strike.js";

/** What followed one hit, in milliseconds after it. */
export interface Progress {
  /** The session, restored, has made its next call. */
  readonly aliveMs: number;
  /** A task of the run was given up; `NaN`: none was. */
  readonly noticedMs: number;
  /** The step that restored the session was in a worker's hands. */
  readonly takenMs: number;
  /** Work of that step. */
  readonly restoreMs: number;
  /** The worker that was brought up at once polled; `NaN`: another was there. */
  readonly readyMs: number;
}

/** 40 MB in objects beside the 30 that Python takes. */
const HEAP = "import random, time\nheap = [random.randbytes(1000) + b'x' * 3000 for _ in range(10_000)]";
/** Time to pause the run before the next turn begins. */
const ALIVE_DELAY_MS = 1000;
const ROOT_DELAY_MS = 500;
const LOOK_MS = 20;
const LIMIT_MS = 60_000;
const BENCH = { by: "bench", why: null };

/** One run, hit once a turn; between two hits it is paused until as many workers are up as before. */
export async function struckRun(bench: Bench, strike: Strike): Promise<Progress[]> {
  const { cluster, cleanup, repeat } = bench;
  await cluster.model.setRules(rulesOf([HEAP, ...Array.from({ length: repeat + 1 }, (_, i) => strike.cell(i + 1)), "SUBMIT(answer='done')"]));
  let workers: WorkerProcess[] = [];
  while (workers.length < strike.workers) workers.push(await cluster.startWorker(cleanup));
  const calledAtMs = Date.now();
  const id = await cluster.start();
  const hits: { readonly fromMs: number; readonly aliveAtMs: number; readonly readyMs: number }[] = [];
  for (let k = 1; k <= repeat; k += 1) {
    await ledgerUntil(bench, (ledger) => strike.isNow(ledger, k));
    await sleep(strike.afterMs ?? 0);
    const holder = await sessionHolder(workers, async () => (await readHistory(cluster.client, id)).spans);
    if ((await aliveAt(bench, k)) !== null) throw new Error(`The moment for hit ${k} was missed.`);
    const hitAtMs = Date.now();
    const { restarted, fromMs = hitAtMs } = await strike.hit(bench, holder);
    await ledgerUntil(bench, (ledger) => ledger.some(isAlive(k)));
    hits.push({ fromMs, aliveAtMs: (await aliveAt(bench, k)) ?? Number.NaN, readyMs: restarted?.readyMs ?? Number.NaN });
    if (strike.spares) continue;
    await pauseRun(cluster.runClient, id, BENCH);
    await holder.kill();
    workers = [...workers.filter((worker) => worker !== holder), restarted ?? (await cluster.startWorker(cleanup))];
    await resumeRun(cluster.runClient, id, BENCH);
  }
  const { history } = await cluster.finish(id, calledAtMs);
  await Promise.all(workers.map((worker) => worker.end()));
  return hits.map(({ fromMs, aliveAtMs, readyMs }) => ({ aliveMs: aliveAtMs - fromMs, readyMs, ...partsOf(history, fromMs) }));
}

function rulesOf(cells: readonly string[]) {
  return [
    { name: "root", when: { model: ROOT_MODEL }, turns: cells.map((cell) => `\`\`\`python\n${cell}\n\`\`\``), delayMs: ROOT_DELAY_MS },
    { name: "part", when: { model: SUB_MODEL, last: "part " }, reply: "ok", delayMs: PART_DELAY_MS },
    { name: "alive", when: { model: SUB_MODEL, last: "alive " }, reply: "ok", delayMs: ALIVE_DELAY_MS },
    { name: "sub", when: { model: SUB_MODEL }, reply: "ok" },
  ];
}

async function ledgerUntil({ cluster }: Bench, condition: (ledger: readonly LedgerRow[]) => boolean): Promise<void> {
  for (const untilMs = Date.now() + LIMIT_MS; !condition(await cluster.model.ledger()); await sleep(LOOK_MS)) {
    if (Date.now() > untilMs) throw new Error(`Nothing happened for ${LIMIT_MS / 1000} s.`);
  }
}

const isAlive = (k: number) => ({ lastUserTail }: LedgerRow): boolean => lastUserTail === `alive ${k}`;

async function aliveAt({ cluster }: Bench, k: number): Promise<number | null> {
  return (await cluster.model.ledger()).find(isAlive(k))?.startedAtMs ?? null;
}

function partsOf({ spans }: RunHistory, fromMs: number): Omit<Progress, "aliveMs" | "readyMs"> {
  const ends = spans.filter(({ completed, endedAtMs }) => !completed && endedAtMs > fromMs).map(({ endedAtMs }) => endedAtMs - fromMs);
  const restored = named(spans, "executeCell").find(({ startedAtMs }) => startedAtMs > fromMs);
  const { startedAtMs = Number.NaN, endedAtMs = Number.NaN } = restored ?? {};
  return { noticedMs: ends.length === 0 ? Number.NaN : Math.min(...ends), takenMs: startedAtMs - fromMs, restoreMs: endedAtMs - startedAtMs };
}
