import { findCodeBlock } from "../core/code-block.js";
import { blankThinking } from "../core/thinking.js";
import { endOfValue, isJson } from "./json-in-text.js";

/** So many places are tried as the beginning of a value; a reply that is all brackets must not take forever. */
const MAX_ATTEMPTS = 50;

/**
 * The JSON value in a reply that was asked for one, as the text that was written (integers stay exact); `null` when there is none. The whole
 * reply, else a fenced block, else the longest object or list in the prose counts; thinking is not searched.
 */
export function parseJsonReply(text: string): string | null {
  const visible = blankThinking(text, findCodeBlock).trim();
  if (isJson(visible)) return visible;
  const fenced = findCodeBlock(visible, 0)?.code.trim();
  if (fenced !== undefined && isJson(fenced)) return fenced;
  return longestValue(visible);
}

function longestValue(text: string): string | null {
  let found: string | null = null;
  const opening = /[[{]/g;
  for (let attempt = 0, match = opening.exec(text); match !== null && attempt < MAX_ATTEMPTS; attempt += 1, match = opening.exec(text)) {
    const end = endOfValue(text, match.index);
    const candidate = end === null ? null : text.slice(match.index, end);
    if (candidate === null || !isJson(candidate)) continue;
    if (found === null || candidate.length > found.length) found = candidate;
    opening.lastIndex = end ?? opening.lastIndex;
  }
  return found;
}
