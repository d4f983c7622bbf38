import type { BlobRef } from "../core/blob-ref.js";
import type { RunSpec } from "../core/run-spec.js";
import type { CellReplay, PlanRecord, TurnRecord } from "../core/trajectory.js";
import { getRecord, readTurnChain } from "../journal/records.js";
import { sessionConfig } from "../repl/session-config.js";
import { sessionInputs } from "../repl/session-inputs.js";
import type { Session } from "../repl/session.js";
import type { CellRunnerDeps } from "./cell-runner.js";
import { SnapshotLostError, isLoss } from "./errors.js";
import { observeResult } from "./finish-turn.js";
import { loadHistory } from "./load-history.js";
import { loadJournal } from "./load-journal.js";
import { restoreSession } from "./restore-session.js";
import { putSnapshot, type StoredSnapshot } from "./snapshot-chain.js";

type RebuildDeps = Pick<CellRunnerDeps, "store" | "replies" | "factory" | "pool">;

/** The state wanted, and what it can be made of. */
export interface WantedState {
  readonly runUid: string;
  readonly spec: RunSpec;
  readonly snapshotRef: BlobRef;
  /** Turns up to that state. */
  readonly trajectoryRef: BlobRef | null;
}

export interface RestoredState {
  readonly session: Session;
  readonly chain: readonly string[];
  /** Of the state; another than was asked for when that was lost. */
  readonly snapshotRef: BlobRef;
  /** Turns whose cell, run again, showed something else than the model was told: on a worker with less memory, for instance. */
  readonly differs: readonly number[];
}

/**
 * A session in the state of a snapshot. When that is lost or damaged: from the newest of the run's that is not, or from its inputs, by running the cells
 * since then again with what they were given before; no call leaves the sandbox.
 * @throws SnapshotLostError nothing to rebuild it from; and the store's other errors
 */
export async function restoreOrRebuild(deps: RebuildDeps, wanted: WantedState): Promise<RestoredState> {
  try {
    return await restored(deps, wanted.spec, wanted.snapshotRef);
  } catch (loss) {
    if (!isLoss(loss)) throw loss;
    const state = await rebuild(deps, wanted, loss).catch((error: unknown) => {
      throw isLoss(error) ? new SnapshotLostError(wanted.snapshotRef.digest, loss, error) : error;
    });
    return state;
  }
}

interface CellTurn {
  readonly record: TurnRecord & { readonly beforeRef: BlobRef; readonly replay: CellReplay };
  readonly plan: PlanRecord;
}

async function rebuild(deps: RebuildDeps, wanted: WantedState, loss: Error): Promise<RestoredState> {
  const turns: CellTurn[] = [];
  for (const { record } of await readTurnChain(deps.store, wanted.trajectoryRef)) {
    // A turn without a cell, or whose sandbox died, has left the state as it was.
    if (record.beforeRef === null || !record.committed) continue;
    if (record.replay === null) throw loss;
    turns.push({ record: { ...record, beforeRef: record.beforeRef, replay: record.replay }, plan: await getRecord<PlanRecord>(deps.store, record.planRef) });
  }
  const { state, from } = await newestGood(deps, wanted, turns, loss);
  try {
    let last = state;
    for (const turn of turns.slice(from)) last = await runAgain(deps, wanted.spec, last, turn);
    return last;
  } catch (error) {
    await state.session[Symbol.asyncDispose]();
    throw error;
  }
}

/** The newest state that can be restored, and the first turn to be run on it. */
async function newestGood(deps: RebuildDeps, { spec, runUid }: WantedState, turns: readonly CellTurn[], loss: Error): Promise<{ state: RestoredState; from: number }> {
  for (let from = turns.length - 1; from >= 0; from -= 1) {
    const turn = turns[from];
    if (turn === undefined) break;
    try {
      return { state: await restored(deps, spec, turn.record.beforeRef), from };
    } catch (error) {
      if (!isLoss(error)) throw error;
    }
  }
  // A child run began in its parent's state, which its own turns do not tell.
  if (spec.inherited !== undefined) throw loss;
  return { state: await fromInputs(deps, spec, turns[0]?.plan.runUid ?? runUid), from: 0 };
}

async function fromInputs({ store, factory, pool }: RebuildDeps, spec: RunSpec, seed: string): Promise<RestoredState> {
  const { session, chain } = await pool.take();
  try {
    const { snapshot } = await session.start({ config: sessionConfig(spec, seed), inputs: await sessionInputs(store, spec.inputs) });
    const stored = await putSnapshot(store, factory.buildId, chain, snapshot);
    return { session, chain: stored.chain, snapshotRef: stored.ref, differs: [] };
  } catch (error) {
    await session[Symbol.asyncDispose]();
    throw error;
  }
}

async function restored(deps: RebuildDeps, { inputs, inherited = [] }: RunSpec, snapshotRef: BlobRef): Promise<RestoredState> {
  return { ...(await restoreSession(deps, snapshotRef.digest, [...inputs, ...inherited])), snapshotRef, differs: [] };
}

/** Runs a turn's cell again; its journal has everything that it was ever given. */
async function runAgain({ store, replies, factory }: RebuildDeps, spec: RunSpec, { session, chain, differs }: RestoredState, { record, plan }: CellTurn): Promise<RestoredState> {
  const { limits } = spec;
  const { turn, packHead, replay } = record;
  const { lastAnswer, budget, tailReads } = replay;
  const packs = packHead === null ? null : { packHead, suspensions: 0 };
  const [journal, history] = await Promise.all([
    loadJournal(store, replies, { run: plan, journal: packs, refused: lastAnswer?.refused ?? null, llmCallsUsed: lastAnswer?.llmCallsUsed ?? 0 }),
    loadHistory(store, record.prev),
  ]);
  const step = await session.exec({
    code: plan.code ?? "", budget, history, journal: journal.entries, tailReads,
    cellTimeoutMs: limits.cellTimeoutMs, memoryLimitBytes: limits.memoryLimitBytes,
  });
  if (step.status === "suspended" || step.divergedAtSeq !== null) throw new SnapshotLostError(record.beforeRef.digest, new Error(`The cell of turn ${turn} did not do the same when it was run again.`));
  const { ref, chain: newChain }: StoredSnapshot = await putSnapshot(store, factory.buildId, chain, step.snapshot);
  const same = observeResult(step.result, spec).observation === record.observation;
  return { session, chain: newChain, snapshotRef: ref, differs: same ? differs : [...differs, turn] };
}
