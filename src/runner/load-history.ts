import type { BlobRef } from "../core/blob-ref.js";
import type { HistoryTurn, HistoryUpdate } from "../core/cell.js";
import type { PlanRecord, TurnRecord } from "../core/trajectory.js";
import { getRecord } from "../journal/records.js";
import type { BlobStore } from "../store/blob-store.js";

/**
 * The turns that a session restored from (or parked at) the newest snapshot has not heard of: back to and including the turn that made the
 * snapshot, whose own record was written after it.
 */
export async function loadHistory(store: BlobStore, trajectoryRef: BlobRef | null): Promise<HistoryUpdate> {
  const turns: HistoryTurn[] = [];
  for (let ref = trajectoryRef; ref !== null; ) {
    const record: TurnRecord = await getRecord<TurnRecord>(store, ref);
    const { reasoning, code } = await getRecord<PlanRecord>(store, record.planRef);
    turns.unshift({ turn: record.turn, reasoning, code, output: record.observation });
    if (record.committed) return { turns, complete: record.prev === null };
    ref = record.prev;
  }
  return { turns, complete: true };
}
