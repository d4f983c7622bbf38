import { findCodeBlock } from "../core/code-block.js";
import { blankThinking } from "../core/thinking.js";

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
    const end = endOfObject(visible, at);
    const candidate = end === null ? null : visible.slice(at, end);
    const isObject = candidate !== null && isObjectText(candidate);
    if (isObject) found = candidate;
    at = visible.indexOf("{", isObject && end !== null ? end : at + 1);
  }
  return found;
}

function isObjectText(text: string): boolean {
  if (!text.startsWith("{")) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Index after the brace that closes the one at `start`; braces in strings do not count. */
function endOfObject(text: string, start: number): number | null {
  let depth = 0;
  let inString = false;
  for (let at = start; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (inString) {
      if (char === "\\") at += 1;
      else if (char === '"') inString = false;
    } else if (char === '"') {
      inString = true;
    } else if (char === "{") {
      depth += 1;
    } else if (char === "}" && (depth -= 1) === 0) {
      return at + 1;
    }
  }
  return null;
}
