import { SignatureError } from "./signature-error.js";

export interface Token {
  /** `word`: a run of anything that is not punctuation, blank or quote; `string`: a quoted literal, `text` is its value. */
  readonly kind: "word" | "string" | "punctuation" | "end";
  readonly text: string;
  /** From 1. */
  readonly column: number;
}

const PUNCTUATION = new Set("()[]{}<>|,:;?=");

/** Splits a signature into tokens; the last one is always `end`. Throws `SignatureError` for a string without its end. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const char = text.charAt(at);
    if (/\s/.test(char)) {
      at += 1;
    } else if (text.startsWith("->", at)) {
      tokens.push({ kind: "punctuation", text: "->", column: at + 1 });
      at += 2;
    } else if (PUNCTUATION.has(char)) {
      tokens.push({ kind: "punctuation", text: char, column: at + 1 });
      at += 1;
    } else if (char === "'" || char === '"') {
      const end = endOfString(text, at);
      tokens.push({ kind: "string", text: unescape(text.slice(at + 1, end)), column: at + 1 });
      at = end + 1;
    } else {
      const end = endOfWord(text, at);
      tokens.push({ kind: "word", text: text.slice(at, end), column: at + 1 });
      at = end;
    }
  }
  tokens.push({ kind: "end", text: "", column: text.length + 1 });
  return tokens;
}

function endOfString(text: string, start: number): number {
  const quote = text.charAt(start);
  for (let at = start + 1; at < text.length; at += 1) {
    if (text.charAt(at) === "\\") at += 1;
    else if (text.charAt(at) === quote) return at;
  }
  throw new SignatureError("unterminated_string", "a quoted text has no end.", `Close it with ${quote}.`, text, start + 1);
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };

function unescape(body: string): string {
  return body.replace(/\\([\s\S])/g, (_whole, char: string) => ESCAPES[char] ?? char);
}

function endOfWord(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && !isWordEnd(text, at)) at += 1;
  return at;
}

function isWordEnd(text: string, at: number): boolean {
  const char = text.charAt(at);
  return /\s/.test(char) || PUNCTUATION.has(char) || char === "'" || char === '"' || text.startsWith("->", at);
}
