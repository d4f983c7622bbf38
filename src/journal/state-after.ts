import type { BlobRef } from "../core/blob-ref.js";
import type { StoredTurn } from "./records.js";

/**
 * The snapshot of the state that a turn left: where the next cell began, else the run's newest. `null`: no cell has run up to that turn.
 * @param turns of the run, from the first
 * @param newest the run's newest durable snapshot @param uncommitted the newest cell's own is still being written
 */
export function stateAfter(turns: readonly StoredTurn[], turn: number, newest: BlobRef | null, uncommitted: boolean): BlobRef | null | "not stored yet" {
  if (turns.slice(0, turn).every(({ record }) => record.beforeRef === null)) return null;
  const next = turns.slice(turn).find(({ record }) => record.beforeRef !== null);
  if (next !== undefined) return next.record.beforeRef;
  return uncommitted ? "not stored yet" : newest;
}
