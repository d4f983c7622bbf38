import { findModelSettings } from "../src/core/model-settings.js";
import { isDirect } from "../src/core/run-spec.js";
import type { Compaction } from "../src/core/trajectory.js";
import { isTooLong } from "../src/core/transcript-size.js";
import { NO_USAGE } from "../src/core/usage.js";
import { callKey, sha256 } from "../src/journal/call-key.js";
import { renderCompactionRequest, renderPlainSummary } from "../src/prompts/render-compaction-request.js";
import { messagesOf, shownTurns, sizeOf } from "./conversation.js";
import type { CallDeps } from "./deps.js";
import type { Conversation } from "./told-turns.js";

export interface CompactionCall {
  readonly runUid: string;
  /** The turn that is about to be planned. */
  readonly turn: number;
  readonly signal: AbortSignal;
}

/**
 * Summarizes the older turns when the conversation has grown too long for the root model; the newest turn stays as it is. One big step, not a
 * little each turn: between two of them the prefix stays the same to the byte, and providers' prompt caches hit.
 * @returns the compaction to go on with, or `null` when there is nothing to summarize
 */
export async function compactIfTooLong(deps: CallDeps, conversation: Conversation, call: CompactionCall): Promise<Compaction | null> {
  const { root, settings } = conversation.spec.models;
  if (!canCompact(conversation) || !isTooLong(sizeOf(conversation), findModelSettings(settings, root).contextTokens)) return null;
  const request = { model: root, messages: renderCompactionRequest(messagesOf(conversation)), settings: findModelSettings(settings, root) };
  const scope = { runUid: call.runUid, turn: call.turn, seq: "compact" as const };
  const key = callKey({ ...scope, index: 0 }, sha256(JSON.stringify(request)));
  const { outcome, usage } = await deps.caller.call({ scope, key, request, rejectionIsOutcome: true }, { signal: call.signal });
  const summary = "text" in outcome ? outcome.text.trim() : "";
  return { ...plainCompaction(conversation), ...(summary !== "" && { summary }), usage };
}

/** Without a call: for a conversation that is too long even for that. */
export function plainCompaction(conversation: Conversation): Compaction {
  const { compaction } = conversation;
  const older = shownTurns(conversation).slice(0, -1).map(({ plan, record }) => ({ turn: record.turn, reasoning: plan.reasoning, observation: record.observation }));
  const summary = [...(compaction === null ? [] : [compaction.summary]), renderPlainSummary(older)].join("\n\n");
  return { throughTurn: older.at(-1)?.turn ?? 0, summary, usage: NO_USAGE };
}

/** The newest turn is never summarized: the model must see what its last cell did. Without a sandbox there is no `rlm_history` to look things up in. */
export function canCompact(conversation: Conversation): boolean {
  return !isDirect(conversation.spec) && shownTurns(conversation).length >= 2;
}
