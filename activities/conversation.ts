import type { BlobRef } from "../src/core/blob-ref.js";
import type { VariableDescription } from "../src/core/cell.js";
import type { RunSpec } from "../src/core/run-spec.js";
import type { Compaction, PlanRecord, TurnRecord } from "../src/core/trajectory.js";
import type { TranscriptSize } from "../src/core/transcript-size.js";
import { getRecord, readTurnChain } from "../src/journal/records.js";
import { renderConversation, type ConversationMessage } from "../src/prompts/render-conversation.js";
import { rootPack, systemMessageOf } from "../src/prompts/root-prompts.js";
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
  readonly variablesRef: BlobRef;
  readonly trajectoryRef: BlobRef | null;
}

/** The root model's conversation so far, from the chain of turn records. @param steers what operators say before the next turn */
export async function loadConversation(store: BlobStore, args: ConversationArgs, steers: readonly string[] = []): Promise<Conversation> {
  const [spec, variables, chain] = await Promise.all([
    getRecord<RunSpec>(store, args.specRef),
    getRecord<readonly VariableDescription[]>(store, args.variablesRef),
    readTurnChain(store, args.trajectoryRef),
  ]);
  const turns = await Promise.all(chain.map(async ({ record }) => ({ record, plan: await getRecord<PlanRecord>(store, record.planRef) })));
  return { spec, system: systemMessageOf(spec, variables), turns, steers, compaction: turns.findLast(({ plan }) => plan.compaction !== null)?.plan.compaction ?? null };
}

/** System message, then the model's replies and what it was shown, oldest first. It only grows until older turns are summarized. */
export function messagesOf(conversation: Conversation): readonly ConversationMessage[] {
  const { spec, system, steers, compaction } = conversation;
  const summary = compaction === null ? null : { throughTurn: compaction.throughTurn, text: compaction.summary };
  const turns = shownTurns(conversation).map(({ plan, record }) => ({ reply: plan.keptReply, observationMessage: record.message, steers: plan.steers }));
  return renderConversation({ system, opening: rootPack(spec).opening, summary, turns, steers });
}

/** The turns that are not summarized. */
export function shownTurns({ turns, compaction }: Conversation): readonly ToldTurn[] {
  return compaction === null ? turns : turns.filter(({ record }) => record.turn > compaction.throughTurn);
}

/** How long the next root call would be. */
export function sizeOf(conversation: Conversation): TranscriptSize {
  const messages = messagesOf(conversation);
  const charsOf = (some: readonly ConversationMessage[]): number => some.reduce((sum, { content }) => sum + content.length, 0);
  const last = shownTurns(conversation).at(-1);
  return { lastUsage: last?.plan.usage ?? null, newChars: charsOf(messages.slice(-1)), allChars: charsOf(messages) };
}
