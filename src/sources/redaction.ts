import { SourceError } from "./source-error.js";
import { TextRedactor } from "./text-redactor.js";

/** Patterns whose matches must not reach the store, and how often they were found. */
export class Redaction {
  /** Places in all texts so far. */
  found = 0;

  constructor(readonly patterns: readonly RegExp[]) {}

  /**
   * @param patterns regular expressions of JavaScript, `\d{16}`, or with flags `/secret: \S+/i`
   * @throws SourceError one of them is none, or matches the empty text
   */
  static of(patterns: readonly string[]): Redaction {
    return new Redaction(patterns.map(readPattern));
  }

  get isEmpty(): boolean {
    return this.patterns.length === 0;
  }

  /** A whole text. */
  text(text: string): string {
    if (this.isEmpty) return text;
    const redactor = new TextRedactor(this.patterns);
    const redacted = redactor.push(text) + redactor.end();
    this.found += redactor.found;
    return redacted;
  }

  /** A text as it comes. What is not UTF-8 becomes U+FFFD, as in Python. */
  async *texts(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    const redactor = new TextRedactor(this.patterns);
    for await (const chunk of chunks) {
      const decoded = decoder.decode(chunk, { stream: true });
      const text = this.isEmpty ? decoded : redactor.push(decoded);
      if (text !== "") yield text;
    }
    const rest = decoder.decode();
    yield this.isEmpty ? rest : redactor.push(rest) + redactor.end();
    this.found += redactor.found;
  }

  async *bytes(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const text of this.texts(chunks)) yield Buffer.from(text, "utf8");
  }
}

function readPattern(text: string): RegExp {
  const [, source = text, flags = ""] = /^\/(.+)\/([ims]*)$/s.exec(text) ?? [];
  let pattern: RegExp;
  try {
    pattern = new RegExp(source, `g${flags}u`);
  } catch {
    try {
      // Escapes such as \- or \" are common and taken without `u` only.
      pattern = new RegExp(source, `g${flags}`);
    } catch (error) {
      throw new SourceError(`The pattern to redact "${text.slice(0, 100)}" is not a regular expression: ${error instanceof Error ? error.message : String(error)}. Write one of JavaScript, as in \\d{16} or /secret: \\S+/i.`, { cause: error });
    }
  }
  if (pattern.exec("") !== null) throw new SourceError(`The pattern to redact ${String(pattern)} matches the empty text. Write one that has something to match.`);
  return pattern;
}
