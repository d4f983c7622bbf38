import type { VariableDescription } from "../src/core/cell.js";
import { isDirect, type RunSpec } from "../src/core/run-spec.js";
import type { TranscriptSize } from "../src/core/transcript-size.js";
import { getRecord } from "../src/journal/records.js";
import { renderConversation, type ConversationMessage } from "../src/prompts/render-conversation.js";
import { rootPack, systemMessageOf } from "../src/prompts/root-prompts.js";
import type { BlobStore } from "../src/store/blob-store.js";
import { loadDirectConversation } from "./direct-conversation.js";
import { loadTurns, type Conversation, type ConversationArgs, type ToldTurn } from "./told-turns.js";

/** The root model's conversation so far, from the chain of turn records. @param steers what operators say before the next turn */
export async function loadConversation(store: BlobStore, args: ConversationArgs, steers: readonly string[] = []): Promise<Conversation> {
  const spec = await getRecord<RunSpec>(store, args.specRef);
  if (isDirect(spec)) return loadDirectConversation(store, spec, args, steers);
  if (args.variablesRef === null) throw new Error("A conversation over a sandbox begins when its inputs are loaded.");
  const [variables, turns] = await Promise.all([getRecord<readonly VariableDescription[]>(store, args.variablesRef), loadTurns(store, args.trajectoryRef)]);
  const compaction = turns.findLast(({ plan }) => plan.compaction !== null)?.plan.compaction ?? null;
  return { spec, system: systemMessageOf(spec, variables), opening: rootPack(spec).opening, turns, steers, compaction };
}

/** System message, then the model's replies and what it was shown, oldest first. It only grows until older turns are summarized. */
export function messagesOf(conversation: Conversation): readonly ConversationMessage[] {
  const { system, opening, steers, compaction } = conversation;
  const summary = compaction === null ? null : { throughTurn: compaction.throughTurn, text: compaction.summary };
  const turns = shownTurns(conversation).map(({ plan, record }) => ({ reply: plan.keptReply, observationMessage: record.message, steers: plan.steers }));
  return renderConversation({ system, opening, summary, turns, steers });
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
