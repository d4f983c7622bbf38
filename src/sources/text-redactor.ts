import { CheckTimeoutError, withinTime } from "../text/within-time.js";
import { SourceError } from "./source-error.js";

/** What stands in the place of a match. */
export const REDACTED = "[REDACTED]";
/** A match, with what it looks at behind it, may have so many characters; a longer one is refused or, where the pattern is lazy, not seen. */
export const MAX_MATCH_CHARS = 1 << 20;
/** What patterns may look back at. */
const CONTEXT_CHARS = 1024;

/**
 * Puts `[REDACTED]` in the place of what any of the patterns matches, wherever the text is cut into chunks. All patterns see the original text: matches
 * that overlap become one.
 */
export class TextRedactor {
  /** Places so far. */
  found = 0;
  /** Text that was given out already (what patterns look back at), then what is held back. */
  #text = "";
  #given = 0;
  /** Where the next search of each pattern begins. */
  readonly #from: number[];
  /** Up to here the text stands behind a placeholder. */
  #hiddenTo = 0;

  constructor(private readonly patterns: readonly RegExp[]) {
    this.#from = patterns.map(() => 0);
  }

  /** @throws SourceError a match is too long to be known whole */
  push(chunk: string): string {
    this.#text += chunk;
    const limit = this.#text.length - MAX_MATCH_CHARS;
    return limit - this.#given < MAX_MATCH_CHARS ? "" : this.#giveOut(isLowSurrogate(this.#text, limit) ? limit - 1 : limit, false);
  }

  end(): string {
    return this.#giveOut(this.#text.length, true);
  }

  #giveOut(limit: number, final: boolean): string {
    const spans = this.patterns.flatMap((pattern, index) => this.#searchInTime(pattern, index, limit, final)).sort(([a], [b]) => a - b);
    let out = "";
    let at = Math.max(this.#given, this.#hiddenTo);
    for (const [start, end] of spans) {
      if (start >= this.#hiddenTo) {
        out += this.#text.slice(at, start) + REDACTED;
        this.found += 1;
      }
      at = this.#hiddenTo = Math.max(this.#hiddenTo, end);
    }
    if (at < limit) out += this.#text.slice(at, limit);
    const cut = Math.max(0, limit - CONTEXT_CHARS);
    this.#text = this.#text.slice(cut);
    this.#given = limit - cut;
    this.#hiddenTo = Math.max(0, this.#hiddenTo - cut);
    this.#from.forEach((from, index) => (this.#from[index] = from - cut));
    return out;
  }

  /** In a worker, which reads the inputs of schedules, nothing else would go on meanwhile. */
  #searchInTime(pattern: RegExp, index: number, limit: number, final: boolean): [number, number][] {
    try {
      return withinTime(this.#text, () => this.#search(pattern, index, limit, final));
    } catch (error) {
      if (!(error instanceof CheckTimeoutError)) throw error;
      throw new SourceError(`The pattern to redact ${String(pattern)} takes for ever on a text of ${this.#text.length} characters. Write it without a repetition inside a repetition, as in (a+)+, and with bounds, as in \\S{1,200}.`, { cause: error });
    }
  }

  /** Matches that begin before the limit. */
  #search(pattern: RegExp, index: number, limit: number, final: boolean): [number, number][] {
    const spans: [number, number][] = [];
    let from = this.#from[index] ?? 0;
    pattern.lastIndex = from;
    for (let match = pattern.exec(this.#text); match !== null && match.index < limit; match = pattern.exec(this.#text)) {
      const end = match.index + match[0].length;
      if (match[0] === "") {
        pattern.lastIndex = end + ((this.#text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1);
        continue;
      }
      if (!final && end === this.#text.length) throw new SourceError(`The pattern ${String(pattern)} matches more than ${MAX_MATCH_CHARS} characters at once. Narrow it.`);
      spans.push([match.index, end]);
      from = end;
    }
    this.#from[index] = Math.max(from, limit);
    return spans;
  }
}

function isLowSurrogate(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff;
}
