import type { CallOutcome, HostCallOutcome } from "../core/cell.js";
import type { Refusal } from "../core/wire.js";
import type { GivenAnswer, PackHeader } from "../journal/pack.js";
import type { ReplyStore } from "../journal/reply-store.js";

export interface SettledOutcome {
  readonly outcome: HostCallOutcome;
  readonly given: GivenAnswer;
}

/** How a suspension is to be answered: refused, or from its stored replies; from `files` only where they are known. */
export interface AnswerSource {
  readonly refused: Refusal | null;
  readonly llmCallsUsed: number;
  readonly files?: readonly string[];
}

/** What a suspension is answered with. Throws when a reply is missing: the workflow resumes only what is settled. */
export async function settledOutcome(
  replies: ReplyStore,
  runUid: string,
  pack: Pick<PackHeader, "turn" | "seq" | "calls">,
  source: AnswerSource,
): Promise<SettledOutcome> {
  const { refused, llmCallsUsed } = source;
  if (refused !== null) return { outcome: { refused, llmCallsUsed }, given: { files: [], refused, llmCallsUsed } };
  const { turn, seq } = pack;
  const { byKey, files } = await replies.find({ runUid, turn, seq }, pack.calls.map(({ key }) => key), source.files);
  const outcomes = pack.calls.map(({ key }, index): CallOutcome => {
    const reply = byKey.get(key);
    if (reply === undefined) throw new Error(`The reply to call ${index} of suspension ${seq} in turn ${turn} is not in the store.`);
    return "text" in reply.outcome ? { text: reply.outcome.text } : { error: reply.outcome.error };
  });
  return { outcome: { outcomes, llmCallsUsed }, given: { files, refused: null, llmCallsUsed } };
}
