import type { LedgerRow } from "../../src/testing/index.js";
import { heaviestSandbox } from "../memory.js";
import type { Bench } from "../measurement.js";
import type { WorkerProcess } from "../setup/worker-process.js";

export interface Hit {
  /** The worker that took the place of the one that was hit, if it was brought up at once. */
  readonly restarted?: WorkerProcess;
  /** The instant from which time counts, if that is later. */
  readonly fromMs?: number;
}

/** One way to hit a run, again and again: once a turn. */
export interface Strike {
  /** What is hit, and when. */
  readonly measured: string;
  readonly reach: string;
  /** Workers that are up before. */
  readonly workers: 1 | 2;
  /** Python of the turn in which the run is hit for the `k`th time, from 1. It asks "alive k" as soon as its session goes on, or the next turn's does. */
  readonly cell: (k: number) => string;
  /** Whether the moment for the `k`th has come, by what the model server was asked. */
  readonly isNow: (ledger: readonly LedgerRow[], k: number) => boolean;
  /** What the cell computes meanwhile must have begun. @default 0 */
  readonly afterMs?: number;
  readonly hit: (bench: Bench, holder: WorkerProcess) => Promise<Hit>;
  /** The worker lives on. @default false */
  readonly spares?: true;
}

/** Computes, for a while, unless it is run again: then its call, which is replayed, seems to have taken long, because what was read of the clock before it is replayed too. */
const busyCell = (busyS: number) => (k: number): string => `t = time.time(); llm_query("in ${k}"); u = time.time()\nwhile u - t < ${HIT_AFTER_S} and time.time() - u < ${busyS}: pass\nllm_query("alive ${k}")`;
const HIT_AFTER_S = 0.6;
const BUSY_S = 5;
/** For what does not make it run again: over before the server is back. */
const SHORTLY_BUSY_S = 1;
const inBusyCell = (ledger: readonly LedgerRow[], k: number): boolean => ledger.some(({ lastUserTail, answered }) => answered && lastUserTail === `in ${k}`);
const midCell = { cell: busyCell(BUSY_S), isNow: inBusyCell, afterMs: HIT_AFTER_S * 1000 };

export const PART_DELAY_MS = 1000;
const PARTS = 8;
/** Turns before the first in which the run is hit. */
const TURNS_BEFORE = 1;

const kill = async (_bench: Bench, holder: WorkerProcess): Promise<Hit> => {
  await holder.kill();
  return {};
};

export const STRIKES: readonly Strike[] = [
  { measured: "worker killed in mid-cell", reach: "≤ 3.5 s", workers: 2, ...midCell, hit: kill },
  {
    measured: `worker killed, session parked with ${PARTS} calls of ${PART_DELAY_MS / 1000} s in flight`, reach: "≤ 5 s", workers: 2, hit: kill,
    cell: (k) => `llm_query_batched([f"part ${k} {i}" for i in range(${PARTS})])\nllm_query("alive ${k}")`,
    isNow: (ledger, k) => ledger.filter(({ lastUserTail }) => lastUserTail.startsWith(`part ${k} `)).length >= PARTS,
  },
  {
    measured: "worker killed between turns, root call in flight", reach: "≤ 3.5 s", workers: 2, hit: kill,
    cell: (k) => (k === 1 ? "pass" : `llm_query("alive ${k - 1}")`),
    isNow: (ledger, k) => ledger.filter(({ rule }) => rule === "root").length === TURNS_BEFORE + k + 1,
  },
  { measured: "only the sandbox killed, in mid-cell", reach: "≤ 0.6 s", workers: 2, ...midCell, spares: true, hit: killSandbox },
  { measured: "the only worker killed in mid-cell and restarted", reach: "≤ 4 s", workers: 1, ...midCell, hit: killAndRestart },
  { measured: "worker frozen in mid-cell", reach: "≤ 8 s", workers: 2, ...midCell, hit: freeze },
  { measured: "Temporal server killed in mid-cell and restarted, from when it serves", reach: "≤ 3 s", workers: 2, ...midCell, cell: busyCell(SHORTLY_BUSY_S), spares: true, hit: restartServer },
];

async function killSandbox(_bench: Bench, holder: WorkerProcess): Promise<Hit> {
  process.kill(heaviestSandbox(holder.pid), "SIGKILL");
  return {};
}

async function killAndRestart({ cluster, cleanup }: Bench, holder: WorkerProcess): Promise<Hit> {
  await holder.kill();
  return { restarted: await cluster.startWorker(cleanup) };
}

async function freeze(_bench: Bench, holder: WorkerProcess): Promise<Hit> {
  process.kill(holder.pid, "SIGSTOP");
  return {};
}

async function restartServer({ cluster }: Bench): Promise<Hit> {
  await cluster.temporal.restart();
  return { fromMs: Date.now() };
}
