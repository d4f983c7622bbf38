const MAX_CHARS = 300;
/** Runs of the prompt from this length on are recognised in a server's text (every second window of half of it is looked for). */
const SHARED_RUN_CHARS = 24;

/**
 * A server's own words about a failure, fit for an error message that ends up in logs and in Temporal's history: one line, at most 300
 * characters, keys masked. `null` when nothing is left or when the text repeats a part of the prompt or of the key.
 */
export function quoteServerText(text: string, secrets: { readonly apiKey: string | null; readonly prompts: readonly string[] }): string | null {
  const line = text.replace(/\s+/g, " ").trim();
  const masked = line.replace(/\b(?:sk|pk|key)-[\w*.-]{6,}|\bBearer \S+|\S*\*{3,}\S*/g, "[key]").slice(0, MAX_CHARS);
  if (masked === "") return null;
  if (secrets.apiKey !== null && sharesRun(masked, secrets.apiKey, 8)) return null;
  if (secrets.prompts.some((prompt) => sharesRun(masked, prompt, SHARED_RUN_CHARS))) return null;
  return line.length > MAX_CHARS ? `${masked}…` : masked;
}

/** True when the text holds the whole of a short secret, or a run of `runChars` characters of a long one. */
function sharesRun(text: string, secret: string, runChars: number): boolean {
  const trimmed = secret.trim();
  if (trimmed.length <= runChars) return trimmed.length >= 4 && text.includes(trimmed.replace(/\s+/g, " "));
  const window = runChars >> 1;
  const haystack = text.length < trimmed.length ? trimmed : text;
  const needleSource = haystack === trimmed ? text : trimmed;
  for (let at = 0; at + window <= needleSource.length; at += window) {
    if (haystack.includes(needleSource.slice(at, at + window))) return true;
  }
  return false;
}
