import { groupDigits } from "./size-text.js";

/**
 * Half the context at 4 characters a token: room for the reply, and for text (logs, other scripts than Latin) that has 2 to 3 characters a token.
 */
const CHARS_PER_CONTEXT_TOKEN = 2;

/** How much text fits one sub-call, as a sentence for the strategy; from the sub-model's context, not a constant. */
export function renderSubCallSize(subContextTokens: number | null): string {
  if (subContextTokens === null) {
    return "How much text one sub-call takes is not known here: begin with pieces of about 50,000 characters, and halve them if a call fails with kind `context_length`.";
  }
  return `one sub-call takes up to about ${groupDigits(roundDown(subContextTokens * CHARS_PER_CONTEXT_TOKEN))} characters of text.`;
}

/** To two digits: more would promise an exactness that is not there. */
function roundDown(value: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, value))) - 1);
  return Math.floor(value / step) * step;
}
