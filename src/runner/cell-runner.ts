import type { BlobRef } from "../core/blob-ref.js";
import type { Observe } from "../core/work-fact.js";
import { countCalls } from "../core/call-counts.js";
import type { RunSpec } from "../core/run-spec.js";
import type { PlanRecord } from "../core/trajectory.js";
import type { BeginArgs, BeginResult, ExecuteArgs, ResumeArgs, StepResult, WatchArgs } from "../core/wire.js";
import { getRecord } from "../journal/records.js";
import type { ReplyStore } from "../journal/reply-store.js";
import type { CommitArgs, CommitResult } from "../core/commit-wire.js";
import type { SessionFactory, SuspendedStep } from "../repl/session.js";
import type { BlobStore } from "../store/blob-store.js";
import { beginRun } from "./begin-run.js";
import type { CellContext } from "./cell-context.js";
import { SessionNotFoundError } from "./errors.js";
import { finishCell } from "./finish-cell.js";
import { finishTurn, type CellEnd } from "./finish-turn.js";
import { loadHistory } from "./load-history.js";
import { loadJournal } from "./load-journal.js";
import { nextStop, type RunOn } from "./next-stop.js";
import { restoreOrRebuild } from "./rebuild-session.js";
import { blameCell } from "./sandbox-death.js";
import type { SessionPool } from "./session-pool.js";
import { assertCurrent, type SessionEntry } from "./session-entry.js";
import type { SessionTable } from "./session-table.js";
import { settledOutcome } from "./settled-outcome.js";
import type { SnapshotCommits } from "./snapshot-commits.js";
import { writeSuspension } from "./write-suspension.js";

export interface CellRunnerDeps {
  readonly store: BlobStore;
  readonly replies: ReplyStore;
  readonly factory: SessionFactory;
  readonly pool: SessionPool;
  readonly table: SessionTable;
  readonly commits: SnapshotCommits;
  /** Queue of this process, where its parked sessions are resumed. */
  readonly sessionQueue: string;
  /** Whether this process makes model calls too. */
  readonly fusable: boolean;
  readonly nowMs: () => number;
  /** @default nobody is told */
  readonly observe?: Observe;
  readonly onReplayDiverged: (fact: { workflowId: string; turn: number; seq: number }) => void;
  /** `differs`: turns whose cell, run again, showed something else than the model was told. */
  readonly onSnapshotRebuilt: (fact: { workflowId: string; turn: number; lost: string; differs: readonly number[] }) => void;
}

/**
 * Runs cells of many runs in sandboxes of this process: finds or rebuilds the session, runs the cell to its next suspension or its end, and
 * makes durable what it tells. Only a big snapshot of a finished turn may come later: `commit` waits for it.
 *
 * Contract: throws `SessionNotFoundError`, `StaleEpochError`, `SnapshotBuildError`, `SessionDiedError` and the store's errors; the caller maps them.
 */
export class CellRunner {
  constructor(private readonly deps: CellRunnerDeps) {}

  /** A new session with the run's inputs: turn 0. */
  begin(args: BeginArgs): Promise<BeginResult> {
    return beginRun(this.deps, args);
  }

  /** Runs a cell from its start, on the parked session when its state is the right one, else on one restored from the snapshot. */
  async execute(args: ExecuteArgs): Promise<StepResult> {
    const { table } = this.deps;
    const known = table.get(args.run.runUid);
    if (known !== undefined) {
      if (known.epoch === args.epoch && known.step?.id === "execute") return known.step.promise;
      const reusable = args.epoch > known.epoch && known.state === "idle" && known.snapshotDigest === args.snapshotRef.digest && known.session !== null;
      if (reusable) {
        Object.assign(known, { epoch: args.epoch, turn: args.turn, state: "running" } satisfies Partial<SessionEntry>);
        return table.step(known, "execute", () => this.#executeOn(known, args));
      }
    }
    const entry = table.enter(args.run.runUid, args.epoch, args.turn);
    return table.step(entry, "execute", async () => {
      return this.#executeOn(entry, { ...args, snapshotRef: await this.#restore(entry, args) });
    });
  }

  /** Gives a parked cell the outcome of its suspension and runs it on. */
  async resume(args: ResumeArgs): Promise<StepResult> {
    const { table, store, replies, nowMs } = this.deps;
    const entry = table.require(args.run, args.epoch);
    const id = `resume ${args.seq}`;
    if (entry.step?.id === id) return entry.step.promise;
    const { session, context, pending } = entry;
    if (entry.turn !== args.turn || entry.state !== "suspended" || session === null || context === null || pending?.seq !== args.seq) {
      throw new SessionNotFoundError(`Run ${args.run.workflowId} is ${entry.state} in turn ${entry.turn}, not suspended at ${args.turn}/${args.seq}.`);
    }
    Object.assign(entry, { state: "running", lastUsedAtMs: nowMs() } satisfies Partial<SessionEntry>);
    return table.step(entry, id, async () => {
      const { outcome, given } = await settledOutcome({ store, replies }, args.run.runUid, pending.header, args);
      Object.assign(context, { previousAnswer: given, llmCallsUsed: args.llmCallsUsed } satisfies Partial<CellContext>);
      return this.#settle(entry, context, (onCaptured) => session.resume(outcome, onCaptured));
    });
  }

  /** Waits until the snapshot of a finished turn is durable. */
  async commit({ run, turn, epoch }: CommitArgs): Promise<CommitResult> {
    const written = this.deps.commits.find(run.runUid, epoch);
    if (written === null) throw new SessionNotFoundError(`No snapshot of run ${run.workflowId} after turn ${turn} is being written here.`);
    return { snapshotRef: await written };
  }

  /** Fails as soon as the session is lost: `SessionTable.watch`. */
  watch({ run, epoch }: WatchArgs): Promise<never> {
    return this.deps.table.watch(run, epoch);
  }

  /** Kills the session of a run if it is still at this epoch: the activity that used it was cancelled. */
  abandon(runUid: string, epoch: number): void {
    this.deps.table.dropRun(runUid, epoch);
  }

  /** Kills the session of a run that is over. */
  end(runUid: string): void {
    this.deps.table.dropRun(runUid);
    this.deps.commits.forget(runUid);
  }

  async #executeOn(entry: SessionEntry, args: ExecuteArgs): Promise<StepResult> {
    const { store, replies } = this.deps;
    const [spec, plan, journal, history] = await Promise.all([
      getRecord<RunSpec>(store, args.specRef),
      getRecord<PlanRecord>(store, args.planRef),
      loadJournal(store, replies, args),
      loadHistory(store, args.trajectoryRef),
    ]);
    const { session } = entry;
    if (session === null || plan.code === null) throw new Error(`Turn ${args.turn} of run ${args.run.workflowId} has no session or no code to run.`);
    const { code } = plan;
    const context: CellContext = { args, spec, plan, packHead: args.journal?.packHead ?? null, previousAnswer: journal.newest, llmCallsUsed: args.llmCallsUsed };
    entry.context = context;
    return this.#settle(entry, context, (onCaptured) =>
      session.exec({
        code,
        budget: args.budget,
        history,
        journal: journal.entries,
        cellTimeoutMs: spec.limits.cellTimeoutMs,
        requestBytesLeft: args.requestBytesLeft,
        memoryLimitBytes: spec.limits.memoryLimitBytes,
      }, onCaptured),
    );
  }

  /** Runs the sandbox to its next stop and makes durable what came of it. */
  async #settle(entry: SessionEntry, context: CellContext, run: RunOn): Promise<StepResult> {
    const { args } = context;
    try {
      const step = await nextStop(run);
      if (step.divergedAtSeq !== null) {
        this.deps.onReplayDiverged({ workflowId: args.run.workflowId, turn: args.turn, seq: step.divergedAtSeq });
      }
      return step.status === "suspended" ? await this.#suspend(entry, context, step) : await finishCell(this.deps, entry, context, step);
    } catch (error) {
      const blame = blameCell(error, args.sandboxDeaths);
      if (blame === null || entry.dropped) throw error;
      return this.#finishWithoutSandbox(entry, context, { kind: "sandbox-died", error: blame });
    }
  }

  async #suspend(entry: SessionEntry, context: CellContext, step: SuspendedStep): Promise<StepResult> {
    const { store, table, sessionQueue, fusable } = this.deps;
    const { pack, header } = await writeSuspension(store, context, step);
    assertCurrent(entry, entry.epoch);
    context.packHead = pack;
    table.suspend(entry, { seq: step.seq, header });
    return { status: "suspended", sessionQueue, seq: step.seq, pack, counts: countCalls(header.calls.map(({ kind }) => kind)), fusable };
  }

  async #finishWithoutSandbox(entry: SessionEntry, context: CellContext, end: CellEnd): Promise<StepResult> {
    const { table, sessionQueue } = this.deps;
    table.drop(entry);
    return { status: "finished", sessionQueue, snapshotRef: context.args.snapshotRef, ...(await finishTurn(this.deps, context, end)) };
  }

  /** Returns the snapshot that the session equals: another than was asked for when that was lost and rebuilt. */
  async #restore(entry: SessionEntry, { run, epoch, specRef, snapshotRef: wanted, trajectoryRef }: ExecuteArgs): Promise<BlobRef> {
    const { store, table, nowMs, observe } = this.deps;
    await table.admit(entry);
    const startedAtMs = nowMs();
    const spec = await getRecord<RunSpec>(store, specRef);
    const { session, chain, snapshotRef, differs } = await restoreOrRebuild(this.deps, { runUid: run.runUid, spec, snapshotRef: wanted, trajectoryRef });
    const rebuilt = snapshotRef.digest !== wanted.digest;
    observe?.({ type: "session", how: rebuilt ? "rebuilt" : "restored", startedAtMs, durationMs: nowMs() - startedAtMs });
    if (rebuilt) this.deps.onSnapshotRebuilt({ workflowId: run.workflowId, turn: entry.turn, lost: wanted.digest, differs });
    table.attach(entry, session, chain);
    entry.snapshotDigest = snapshotRef.digest;
    assertCurrent(entry, epoch);
    return snapshotRef;
  }
}
