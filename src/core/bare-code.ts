import { PythonScanner } from "./python-scanner.js";

const KEYWORDS = new Set([
  "and", "as", "assert", "async", "await", "class", "def", "del", "elif", "else", "except", "for", "from", "global", "if", "import", "in", "is", "lambda", "match", "case",
  "nonlocal", "not", "or", "raise", "return", "while", "with", "yield", "True", "False", "None",
]);

const STATEMENT = /^(import\s+\w|from\s+[\w.]+\s+import\b|@\w|(async\s+)?(def|class|with|for|while|if|elif|else|try|except|finally|match|case)\b[^]*:|(return|raise|del|assert|global|nonlocal|await)\b|(pass|break|continue|yield)$)/;

/** Guesses whether a text without fences is Python and nothing else. Prose fails because its words follow one another without an operator between them. */
export function looksLikeCode(text: string): boolean {
  const statements = splitStatements(text);
  if (statements === null) return false;
  const lines = statements.map((statement) => statement.trim()).filter((line) => line !== "");
  return lines.some(isStrong) && lines.every((line, index) => !isProse(line) && (index === lines.length - 1 || !isLoneWord(line)));
}

/** So many places are tried as a lone `SUBMIT`: each may be read to the end of the text. */
const MAX_SUBMIT_ATTEMPTS = 20;

/** A lone `SUBMIT(...)` that has its lines to itself, outside fences: its place, or `null`. Single backticks around it are overlooked. */
export function findLoneSubmit(text: string): { start: number; end: number } | null {
  const opening = /^[ \t]*`?(?=SUBMIT\()/gm;
  let match = opening.exec(text);
  for (let attempt = 0; match !== null && attempt < MAX_SUBMIT_ATTEMPTS; attempt += 1) {
    const start = match.index + match[0].length;
    const end = endOfCall(text, start + "SUBMIT".length);
    if (end !== null && /^`?;?[ \t]*(#[^\n]*)?(\n|$)/.test(text.slice(end))) return { start, end };
    opening.lastIndex = start + 1;
    match = opening.exec(text);
  }
  return null;
}

/** Index after the bracket that closes the one at `open`, or `null`. */
function endOfCall(text: string, open: number): number | null {
  const scanner = new PythonScanner(text, open);
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    if (scanner.placeAt(at) !== "code" || scanner.isInsideString) continue;
    if ("([{".includes(text.charAt(at))) depth += 1;
    if (")]}".includes(text.charAt(at)) && (depth -= 1) === 0) return at + 1;
  }
  return null;
}

/** Statements without what stands in their strings, brackets and comments; `null` when a bracket or string has no end. */
function splitStatements(text: string): string[] | null {
  const scanner = new PythonScanner(text);
  const statements: string[] = [];
  let statement = "";
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const place = scanner.placeAt(at);
    const char = text.charAt(at);
    if (scanner.isInsideString || (place === "comment" && char !== "\n")) continue;
    if (")]}".includes(char)) depth -= 1;
    if (depth < 0) return null;
    if (depth === 0 && char === "\n" && text.charAt(at - 1) !== "\\") {
      statements.push(statement);
      statement = "";
    } else if (depth === 0) {
      statement += char;
    }
    if ("([{".includes(char)) depth += 1;
  }
  return depth === 0 && scanner.placeAt(text.length) !== "string" ? [...statements, statement] : null;
}

/** An import, a definition, a call, an assignment: something only code has. */
function isStrong(line: string): boolean {
  return STATEMENT.test(line) || /^[A-Za-z_][\w.]*[([]/.test(line) || /[^=!<>]=(?!=)/.test(line);
}

/** A name on a line of its own does nothing in code, except at the end, where its value is shown. */
function isLoneWord(line: string): boolean {
  return /^\w+$/.test(line) && !STATEMENT.test(line);
}

function isProse(line: string): boolean {
  for (const [, first = "", second = ""] of line.matchAll(/([\p{L}\p{N}_]+)[ \t]+(?=([\p{L}\p{N}_]+))/gu)) {
    if (!KEYWORDS.has(first) && !KEYWORDS.has(second)) return true;
  }
  return false;
}
