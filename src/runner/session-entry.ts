import type { StepResult } from "../core/wire.js";
import type { Session } from "../repl/session.js";
import type { CellContext, PendingSuspension } from "./cell-context.js";
import { StaleEpochError } from "./errors.js";

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
  /** Aborted when the entry is dropped. */
  readonly end: AbortController;
  /** Snapshot that the session's state equals (idle), or that its cell started from. */
  snapshotDigest: string | null;
  /** Chain of that snapshot, itself last. */
  chain: readonly string[];
  lastUsedAtMs: number;
  /** It has one of the table's places; without one it has no process yet. */
  admitted: boolean;
  /** What it weighed when it was last parked. */
  bytes: number;
  /** The step under way or finished last, and what asked for it: `begin`, `execute` or `resume <seq>`. */
  step: { readonly id: string; readonly promise: Promise<StepResult> } | null;
  context: CellContext | null;
  pending: PendingSuspension | null;
}

/** Throws when the entry was dropped or given to a newer epoch while a step was under way: what the step did must not count. */
export function assertCurrent(entry: SessionEntry, epoch: number): void {
  if (entry.dropped || entry.epoch !== epoch) throw new StaleEpochError(epoch, entry.epoch);
}
