import type { BlobRef } from "../src/core/blob-ref.js";
import type { RunSpec } from "../src/core/run-spec.js";
import type { Compaction, PlanRecord, TurnRecord } from "../src/core/trajectory.js";
import { getRecentRecord } from "../src/journal/recent-records.js";
import { readTurnChain } from "../src/journal/records.js";
import type { BlobStore } from "../src/store/blob-store.js";

/** A finished turn, as it was planned and as it ended. */
export interface ToldTurn {
  readonly plan: PlanRecord;
  readonly record: TurnRecord;
}

/** What the root model's conversation is made of. */
export interface Conversation {
  readonly spec: RunSpec;
  readonly system: string;
  /** First user message. */
  readonly opening: string;
  /** All of them, oldest first, also those that are summarized. */
  readonly turns: readonly ToldTurn[];
  /** What operators say before the next turn. */
  readonly steers: readonly string[];
  /** The newest. */
  readonly compaction: Compaction | null;
}

/** Where a conversation is found. */
export interface ConversationArgs {
  readonly specRef: BlobRef;
  /** `null`: a strategy without a sandbox. */
  readonly variablesRef: BlobRef | null;
  readonly trajectoryRef: BlobRef | null;
}

/** A run's finished turns, oldest first. */
export async function loadTurns(store: BlobStore, trajectoryRef: BlobRef | null): Promise<readonly ToldTurn[]> {
  const chain = await readTurnChain(store, trajectoryRef);
  return Promise.all(chain.map(async ({ record }) => ({ record, plan: await getRecentRecord<PlanRecord>(store, record.planRef) })));
}
