import type { RunKey, StepResult } from "../core/wire.js";
import type { Session } from "../repl/session.js";
import { SessionNotFoundError, StaleEpochError } from "./errors.js";
import type { CellContext, PendingSuspension } from "./cell-context.js";

/**
 * A session parked in this process.
 *
 * ```
 * running ──suspend──► suspended ──resume──► running ──finish──► idle ──next turn──► running
 * ```
 * Invariant: at most one step runs at a time (`step`); a second delivery of the same task joins it.
 */
export interface SessionEntry {
  readonly runUid: string;
  epoch: number;
  turn: number;
  state: "running" | "suspended" | "idle";
  session: Session | null;
  /** Set when the entry was dropped while its step was still under way: the step must not commit. */
  dropped: boolean;
  /** Snapshot that the session's state equals (idle), or that its cell started from. */
  snapshotDigest: string | null;
  /** Chain of that snapshot, itself last. */
  chain: readonly string[];
  lastUsedAtMs: number;
  /** The step under way or finished last, and what asked for it: `begin`, `execute` or `resume <seq>`. */
  step: { readonly id: string; readonly promise: Promise<StepResult> } | null;
  context: CellContext | null;
  pending: PendingSuspension | null;
}

/** Sessions of this process by run. A cache: dropping any of them costs a restore, never correctness. */
export class SessionTable {
  readonly #entries = new Map<string, SessionEntry>();

  /** @param maxSessions sessions kept; a session weighs its heap + about 135 MB. */
  constructor(
    private readonly maxSessions: number,
    private readonly nowMs: () => number,
    private readonly onDisposeError: (error: unknown) => void,
  ) {}

  get(runUid: string): SessionEntry | undefined {
    return this.#entries.get(runUid);
  }

  /** The entry that a step with this epoch may use; throws what the workflow must know. */
  require(run: RunKey, epoch: number): SessionEntry {
    const entry = this.#entries.get(run.runUid);
    if (entry === undefined) throw new SessionNotFoundError(`No session of run ${run.workflowId} is parked here.`);
    if (entry.epoch !== epoch) throw new StaleEpochError(epoch, entry.epoch);
    return entry;
  }

  /**
   * A new entry whose step is about to begin; its session is attached when it is there. Takes the place of an older epoch's.
   * @throws StaleEpochError a newer one is here
   */
  enter(runUid: string, epoch: number, turn: number): SessionEntry {
    const earlier = this.#entries.get(runUid);
    if (earlier !== undefined && epoch <= earlier.epoch) throw new StaleEpochError(epoch, earlier.epoch);
    if (earlier !== undefined) this.drop(earlier);
    const entry: SessionEntry = {
      runUid, epoch, turn,
      session: null, chain: [], state: "running", dropped: false, snapshotDigest: null, lastUsedAtMs: this.nowMs(), step: null, context: null, pending: null,
    };
    this.#entries.set(runUid, entry);
    this.trim();
    return entry;
  }

  /** Gives the entry its session; one that was dropped meanwhile has no use for it. */
  attach(entry: SessionEntry, session: Session, chain: readonly string[]): void {
    Object.assign(entry, { session, chain } satisfies Partial<SessionEntry>);
    if (entry.dropped) this.drop(entry);
    // A step that is under way finds out by itself, and may have the cell to blame.
    void session.exited.then(() => {
      if (entry.state !== "running") this.drop(entry);
    });
  }

  /** Remembers the step under way, for duplicates of its task to join; a failed one drops the entry. */
  step(entry: SessionEntry, id: string, run: () => Promise<StepResult>): Promise<StepResult> {
    const promise = run().catch((error: unknown) => {
      this.drop(entry);
      throw error;
    });
    entry.step = { id, promise };
    return promise;
  }

  /** The cell has ended; the session equals its newest snapshot. */
  park(entry: SessionEntry, snapshotDigest: string, chain: readonly string[]): void {
    Object.assign(entry, { state: "idle", snapshotDigest, chain, context: null, pending: null, lastUsedAtMs: this.nowMs() } satisfies Partial<SessionEntry>);
    this.trim();
  }

  /** Kills the session and forgets it; a step still under way fails and cannot commit. */
  drop(entry: SessionEntry): void {
    entry.dropped = true;
    if (this.#entries.get(entry.runUid) === entry) this.#entries.delete(entry.runUid);
    entry.session?.[Symbol.asyncDispose]().catch(this.onDisposeError);
  }

  /** Drops the session of a run; with an epoch, only when it is at that one. */
  dropRun(runUid: string, epoch?: number): void {
    const entry = this.#entries.get(runUid);
    if (entry !== undefined && (epoch ?? entry.epoch) === entry.epoch) this.drop(entry);
  }

  /** Idle sessions go before suspended ones: evicting those thrashes (46 evictions, three times the run time). Running ones never go. */
  trim(): void {
    while (this.#entries.size > this.maxSessions) {
      const victim = this.#oldest("idle") ?? this.#oldest("suspended");
      if (victim === undefined) return;
      this.drop(victim);
    }
  }

  /** Frees what nobody came back to. */
  dropUnused(forMs: number): void {
    const before = this.nowMs() - forMs;
    for (const entry of [...this.#entries.values()]) if (entry.state !== "running" && entry.lastUsedAtMs < before) this.drop(entry);
  }

  dropAll(): void {
    for (const entry of [...this.#entries.values()]) this.drop(entry);
  }

  #oldest(state: SessionEntry["state"]): SessionEntry | undefined {
    return [...this.#entries.values()].filter((entry) => entry.state === state).sort((a, b) => a.lastUsedAtMs - b.lastUsedAtMs)[0];
  }
}

/** Throws when the entry was dropped or given to a newer epoch while a step was under way: what the step did must not count. */
export function assertCurrent(entry: SessionEntry, epoch: number): void {
  if (entry.dropped || entry.epoch !== epoch) throw new StaleEpochError(epoch, entry.epoch);
}
