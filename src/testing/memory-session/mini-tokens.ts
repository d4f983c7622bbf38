import { PythonError } from "./mini-values.js";

const TOKEN = /\s*(?:(\d+|'[^']*'|"[^"]*"|[A-Za-z_]\w*|[()[\],+=])|(\S))/gy;

/** Tokens of one expression. @throws {PythonError} a SyntaxError */
export function tokenize(text: string): string[] {
  const tokens: string[] = [];
  for (const [, token, strange] of text.trimEnd().matchAll(TOKEN)) {
    if (token === undefined) throw new PythonError("SyntaxError", `the memory session does not know ${JSON.stringify(strange ?? "")} in ${JSON.stringify(text)}`);
    tokens.push(token);
  }
  return tokens;
}
