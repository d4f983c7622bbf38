import { parseJsonTree, type JsonTree } from "./json-tree.js";

/** One token of a Python literal: a text, a word or number, a trailing comma with its bracket, or a sign of punctuation. */
const TOKEN = /\s+|'([^'\\\n]*(?:\\[^][^'\\\n]*)*)'|"([^"\\\n]*(?:\\[^][^"\\\n]*)*)"|,\s*([\])}])|[[\](){}:,]|[^\s'"[\](){}:,]+/y;
const WORDS: Readonly<Record<string, string>> = { True: "true", False: "false", None: "null" };
const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f", "0": "\0", "\n": "" };
/** Longer texts are taken as JSON only. */
const MAX_PYTHON_CHARS = 1 << 20;

/**
 * The list or dict that a text writes out: as JSON, in a code fence or not, or as Python's `repr` (`"['a', None]"`), which is what `str(value)` gives. `undefined`: it
 * is no such text.
 */
export function parseContainerText(text: string, bracket: "[" | "{"): JsonTree | undefined {
  const inner = insideOfFence(text.trim());
  const opening = inner.trimStart().charAt(0);
  if (opening !== bracket && !(bracket === "[" && opening === "(")) return undefined;
  return parsed(inner) ?? (inner.length > MAX_PYTHON_CHARS ? undefined : parsed(pythonAsJson(inner)));
}

/** The lines between the fences of a text that is one fenced block; any other text as it is. */
function insideOfFence(text: string): string {
  const firstBreak = text.indexOf("\n");
  const lastBreak = text.lastIndexOf("\n");
  const isBlock = firstBreak < lastBreak && text.slice(lastBreak).trim() === "```" && /^```(?:json|python)?$/.test(text.slice(0, firstBreak).trim());
  return isBlock ? text.slice(firstBreak, lastBreak) : text;
}

function parsed(text: string | undefined): JsonTree | undefined {
  try {
    return text === undefined ? undefined : parseJsonTree(text);
  } catch {
    return undefined;
  }
}

function pythonAsJson(text: string): string | undefined {
  const parts: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (match === null) return undefined;
    const [token, single, double, closing] = match;
    const quoted = single ?? double;
    parts.push(quoted === undefined ? plain(closing ?? token) : JSON.stringify(unescaped(quoted)));
  }
  return parts.join("");
}

function plain(token: string): string {
  return WORDS[token] ?? token.replace(/^\($/, "[").replace(/^\)$/, "]");
}

function unescaped(text: string): string {
  return text.replace(/\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|([^]))/gi, (_, x?: string, u?: string, long?: string, char = "") => {
    const code = x ?? u ?? long;
    return code === undefined ? (ESCAPES[char] ?? char) : String.fromCodePoint(Math.min(parseInt(code, 16), 0x10ffff));
  });
}
