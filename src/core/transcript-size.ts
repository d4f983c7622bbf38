import type { Usage } from "./usage.js";

/** A common lower bound of today's models; stated settings (`contextTokens`) are better. */
export const ASSUMED_CONTEXT_TOKENS = 128_000;
/**
 * Share of the context at which older turns are summarized. Over 20 turns of 10 KB each 0.4 of 32,000 tokens costs less than half of re-sending
 * everything; 0.5 costs more than half, because a summary needs a call on the whole conversation, too. Models also read shorter conversations better.
 */
const SHARE_OF_CONTEXT = 0.4;
/** Usual for English and code; a reply that told its usage is counted by that. */
const CHARS_PER_TOKEN = 4;

/** What is known of a conversation's size without a tokenizer. */
export interface TranscriptSize {
  /** Of the newest root call whose conversation was the beginning of this one; `null` or without tokens: not known. */
  readonly lastUsage: Usage | null;
  /** Characters of the messages that came after it, or of all when its usage is not known. */
  readonly newChars: number;
  readonly allChars: number;
}

/** Tokens that sending the conversation costs, about. */
export function estimateTokens({ lastUsage, newChars, allChars }: TranscriptSize): number {
  const counted = lastUsage === null ? 0 : lastUsage.inputTokens + lastUsage.outputTokens;
  return counted > 0 ? counted + newChars / CHARS_PER_TOKEN : allChars / CHARS_PER_TOKEN;
}

/** Whether older turns should be summarized before the next root call. @param contextTokens of the root model; `undefined`: not known */
export function isTooLong(size: TranscriptSize, contextTokens: number | undefined): boolean {
  return estimateTokens(size) > SHARE_OF_CONTEXT * (contextTokens ?? ASSUMED_CONTEXT_TOKENS);
}
