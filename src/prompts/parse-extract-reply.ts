import { findCodeBlock } from "../core/code-block.js";
import { blankThinking } from "../core/thinking.js";
import { endOfValue, isJson } from "./json-in-text.js";

/** So many places are tried as the beginning of an object; a reply that is all braces must not take forever. */
const MAX_ATTEMPTS = 50;

/**
 * The JSON object in a reply of the extract call, as the text that was written (integers stay exact); `null` when there is none. Prose and fences around it are overlooked, thinking is not
 * searched; of several objects the last one counts.
 */
export function parseExtractReply(text: string): string | null {
  const visible = blankThinking(text, findCodeBlock).trim();
  if (isObjectText(visible)) return visible;
  let found: string | null = null;
  let at = visible.indexOf("{");
  for (let attempt = 0; at !== -1 && attempt < MAX_ATTEMPTS; attempt += 1) {
    const end = endOfValue(visible, at);
    const candidate = end === null ? null : visible.slice(at, end);
    const isObject = candidate !== null && isObjectText(candidate);
    if (isObject) found = candidate;
    at = visible.indexOf("{", isObject && end !== null ? end : at + 1);
  }
  return found;
}

function isObjectText(text: string): boolean {
  return text.startsWith("{") && isJson(text);
}
