/** Prose of a reply that stays in the conversation. A reasoning of megabytes would fill the context of every later turn. */
const MAX_PROSE_CHARS = 12_000;
/** So much of a cell stays: what it did must be readable, its long literals need not be. */
const MAX_CODE_CHARS = 40_000;

/**
 * What of a reply the model sees again in later turns: its own words without its thinking (which models are not meant to be shown again), with the
 * middle left out where they are very long. The trajectory keeps the whole.
 *
 * @param prose what stands before the code, thinking blanked out
 * @param code the executed block with its fences; empty where nothing ran
 */
export function shortenReply(prose: string, code: string): string {
  // Not by an expression that looks for blanks before a line's end: a long run of blanks elsewhere would take it the square of their number.
  const lines = prose.split("\n").map((line) => line.trimEnd());
  const said = lines.join("\n").replace(/\n{3,}/g, "\n\n").replace(/^\n+/, "");
  return `${cutMiddle(said, MAX_PROSE_CHARS)}${cutMiddle(code, MAX_CODE_CHARS)}`.trimEnd();
}

function cutMiddle(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const half = Math.floor(limit / 2);
  // Not between the halves of a surrogate pair.
  const head = text.slice(0, half).replace(/[\uD800-\uDBFF]$/, "");
  const tail = text.slice(-half).replace(/^[\uDC00-\uDFFF]/, "");
  return `${head}\n… [${(text.length - head.length - tail.length).toLocaleString("en-US")} characters of this reply left out] …\n${tail}`;
}
