import type { ResultDocument } from "../../src/core/result.js";
import type { TestCluster } from "../helpers/cluster.js";
import type { Blow } from "./aims.js";
import { confirmedHits, historyFaults, type FactsById } from "./check-histories.js";
import { ledgerFaults } from "./check-ledger.js";
import { runFaults, type SaidTo } from "./check-run.js";
import { LONGEST_RUN_MS, STORE_WINDOW_MS } from "./knobs.js";
import type { Program } from "./program.js";
import type { State } from "./run-states.js";
import { StoreTimes } from "./store-times.js";
import { storedReplies } from "./stored-replies.js";
import type { Struck } from "./timeline.js";

export interface EndedRun {
  readonly seed: number;
  readonly program: Program;
  /** `null`: it did not end. */
  readonly result: ResultDocument | null;
  readonly durationMs: number;
}

export interface PlayedRun {
  readonly seed: number;
  readonly durationMs: number;
  /** In which states it was hit, and by what. */
  readonly hits: readonly { readonly state: State; readonly blow: Blow }[];
  /** Requests, and those of them that repeat an earlier one. */
  readonly requests: number;
  readonly repeats: number;
  readonly faults: readonly string[];
}

/** Checks the runs of a world when all of them are over. */
export async function checkRuns(cluster: TestCluster, runs: readonly EndedRun[], trees: readonly FactsById[], said: SaidTo, struck: readonly Struck[]): Promise<PlayedRun[]> {
  const ledger = cluster.model.ledger();
  const stored = storedReplies(cluster.store.directory);
  const sent = ledgerFaults(ledger, stored, struck);
  const { medianMs } = new StoreTimes(ledger, stored);
  return Promise.all(runs.map(async ({ seed, program, result, durationMs }, i): Promise<PlayedRun> => {
    const { tag } = program;
    const tree = trees[i] ?? new Map();
    const own = ledger.filter((row) => row.rule?.startsWith(`${tag} `) === true || row.lastUserTail.startsWith(`${tag} `));
    const hits = confirmedHits(struck, tag, tree);
    const histories = await Promise.all([...tree.keys()].map((workflowId) => historyFaults(cluster.client, workflowId)));
    const faults = [
      ...(result === null ? [`is not closed after ${LONGEST_RUN_MS / 1000} s`] : runFaults(program, result, said, ledger)),
      ...sent.filter(({ row }) => own.includes(row)).map(({ row, fault }) => `made request ${row.seq} (${row.rule}, "${row.lastUserTail.slice(0, 60)}"), which ${fault}`),
      ...histories.flat(),
      ...(hits.length > 0 ? [] : ["was not hit at all"]),
      ...(medianMs < STORE_WINDOW_MS ? [] : [`is of a world in which replies were ${Math.round(medianMs)} ms (median) on their way into the store`]),
    ];
    return { seed, durationMs, hits, requests: own.length, repeats: own.length - new Set(own.map(({ idempotencyKey }) => idempotencyKey)).size, faults };
  }));
}
