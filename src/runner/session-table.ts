import { EventEmitter, once } from "node:events";
import type { RunKey, StepResult } from "../core/wire.js";
import type { Session } from "../repl/session.js";
import { SessionNotFoundError, StaleEpochError, WorkerFullError } from "./errors.js";
import type { PendingSuspension } from "./cell-context.js";
import { assertCurrent, type SessionEntry } from "./session-entry.js";

export interface SessionTableOptions {
  /** Sessions with a process, running ones included. */
  readonly maxSessions: number;
  /** Memory that parked sessions (idle and suspended) may take together, in bytes. One alone may take more: to drop it after each step helps nobody. */
  readonly maxParkedBytes: number;
  /** Memory of a session, in bytes, by its process id; `null`: not known, and `ASSUMED_BYTES` are taken for it. */
  readonly weigh: (pid: number) => Promise<number | null>;
  /** How long a step waits for a place before it goes back to where a worker with a free one can take it. */
  readonly placeWaitMs: number;
  readonly nowMs: () => number;
  readonly onDisposeError: (error: unknown) => void;
}

/** A small heap and what Deno and its compiled code take beside it. */
const ASSUMED_BYTES = 160 * 2 ** 20;

/** Sessions of this process by run. A cache: dropping any of them costs a restore, never correctness. */
export class SessionTable {
  readonly #entries = new Map<string, SessionEntry>();
  readonly #options: SessionTableOptions;
  /** Says `place` when a session has stopped to run. */
  readonly #changes = new EventEmitter().setMaxListeners(0);

  constructor(options: SessionTableOptions) { this.#options = options; }

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
   * Never resolves: a session that is there needs no word.
   * @throws SessionNotFoundError once it is gone
   */
  async watch(run: RunKey, epoch: number): Promise<never> {
    const { signal } = this.require(run, epoch).end;
    if (!signal.aborted) await once(signal, "abort");
    throw new SessionNotFoundError(`The session of run ${run.workflowId} has ended.`);
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
      session: null, chain: [], state: "running", dropped: false, end: new AbortController(), snapshotDigest: null, lastUsedAtMs: this.#options.nowMs(), bytes: 0, admitted: false, step: null, context: null, pending: null,
    };
    this.#entries.set(runUid, entry);
    return entry;
  }

  /**
   * Waits for a place: parked sessions give theirs, running ones are waited for.
   * @throws StaleEpochError the entry was dropped meanwhile
   * @throws WorkerFullError no place became free in time
   */
  async admit(entry: SessionEntry): Promise<void> {
    const { maxSessions, placeWaitMs } = this.#options;
    const late = AbortSignal.timeout(placeWaitMs);
    for (;;) {
      assertCurrent(entry, entry.epoch);
      if (entry.admitted) return;
      this.#trim(1);
      if (this.#admitted() < maxSessions) {
        entry.admitted = true;
        return;
      }
      await once(this.#changes, "place", { signal: late }).catch(() => {
        throw new WorkerFullError(maxSessions, placeWaitMs);
      });
    }
  }

  /** Whether so many more sessions could run now: parked ones would give their places. */
  hasPlacesFor(count: number): boolean {
    const running = [...this.#entries.values()].filter(({ admitted, state }) => admitted && state === "running").length;
    return running + count <= this.#options.maxSessions;
  }

  /** Resolves when a place may have become free. @throws AbortError */
  async placeFreed(signal: AbortSignal): Promise<void> {
    await once(this.#changes, "place", { signal });
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

  /** The cell waits for its calls. */
  suspend(entry: SessionEntry, pending: PendingSuspension): void {
    Object.assign(entry, { state: "suspended", pending, lastUsedAtMs: this.#options.nowMs() } satisfies Partial<SessionEntry>);
    this.#weighAndTrim(entry);
  }

  /** The cell has ended; the session equals its newest snapshot. */
  park(entry: SessionEntry, snapshotDigest: string, chain: readonly string[]): void {
    Object.assign(entry, { state: "idle", snapshotDigest, chain, context: null, pending: null, lastUsedAtMs: this.#options.nowMs() } satisfies Partial<SessionEntry>);
    this.#weighAndTrim(entry);
  }

  /** Kills the session and forgets it; a step still under way fails and cannot commit. */
  drop(entry: SessionEntry): void {
    entry.dropped = true;
    entry.end.abort();
    this.#changes.emit("place");
    if (this.#entries.get(entry.runUid) === entry) this.#entries.delete(entry.runUid);
    entry.session?.[Symbol.asyncDispose]().catch(this.#options.onDisposeError);
  }

  /** Drops the session of a run; with an epoch, only when it is at that one. */
  dropRun(runUid: string, epoch?: number): void {
    const entry = this.#entries.get(runUid);
    if (entry !== undefined && (epoch ?? entry.epoch) === entry.epoch) this.drop(entry);
  }

  /** Idle sessions go before suspended ones: evicting those thrashes (46 evictions, three times the run time). Running ones never go. */
  #trim(wanted = 0): void {
    while (this.#admitted() + wanted > this.#options.maxSessions || this.#isTooHeavy()) {
      const victim = this.#oldest("idle") ?? this.#oldest("suspended");
      if (victim === undefined) return;
      this.drop(victim);
    }
  }

  /** Sessions by whether a cell runs in them. */
  counts(): { readonly running: number; readonly parked: number } {
    const running = [...this.#entries.values()].filter(({ state }) => state === "running").length;
    return { running, parked: this.#entries.size - running };
  }

  /** Frees what nobody came back to. */
  dropUnused(forMs: number): void {
    const before = this.#options.nowMs() - forMs;
    for (const entry of [...this.#entries.values()]) if (entry.state !== "running" && entry.lastUsedAtMs < before) this.drop(entry);
  }

  dropAll(): void {
    for (const entry of [...this.#entries.values()]) this.drop(entry);
  }

  /** Nobody waits for it: one that grew too large is found a moment later. */
  #weighAndTrim(entry: SessionEntry): void {
    this.#trim();
    this.#changes.emit("place");
    const { session } = entry;
    if (session === null) return;
    void this.#options.weigh(session.pid).then((bytes) => {
      entry.bytes = bytes ?? ASSUMED_BYTES;
      this.#trim();
    });
  }

  #admitted(): number {
    return [...this.#entries.values()].filter(({ admitted }) => admitted).length;
  }

  #isTooHeavy(): boolean {
    const parked = [...this.#entries.values()].filter(({ state }) => state !== "running");
    return parked.length > 1 && parked.reduce((sum, { bytes }) => sum + bytes, 0) > this.#options.maxParkedBytes;
  }

  #oldest(state: SessionEntry["state"]): SessionEntry | undefined {
    return [...this.#entries.values()].filter((entry) => entry.state === state).sort((a, b) => a.lastUsedAtMs - b.lastUsedAtMs)[0];
  }
}
