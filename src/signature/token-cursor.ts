import { SignatureError, type SignatureErrorCode } from "./signature-error.js";
import { tokenize, type Token } from "./tokenize.js";

/** Walks over the tokens of one signature text and makes errors that point into it. */
export class TokenCursor {
  private readonly tokens: readonly Token[];
  private index = 0;

  constructor(readonly text: string) {
    this.tokens = tokenize(text);
  }

  peek(): Token {
    return this.tokens[this.index] ?? { kind: "end", text: "", column: this.text.length + 1 };
  }

  next(): Token {
    const token = this.peek();
    this.index += 1;
    return token;
  }

  at(punctuation: string): boolean {
    const token = this.peek();
    return token.kind === "punctuation" && token.text === punctuation;
  }

  /** Takes the punctuation when it is next. */
  take(punctuation: string): boolean {
    if (!this.at(punctuation)) return false;
    this.index += 1;
    return true;
  }

  expect(punctuation: string, cure: string): void {
    if (!this.take(punctuation)) throw this.unexpected(`\`${punctuation}\``, cure);
  }

  unexpected(wanted: string, cure: string): SignatureError {
    const token = this.peek();
    const found = token.kind === "end" ? "the text ends" : `\`${token.text}\` stands`;
    return this.error("unexpected_text", `${found} where ${wanted} is expected.`, cure, token);
  }

  error(code: SignatureErrorCode, problem: string, cure: string, token: Token): SignatureError {
    return new SignatureError(code, problem, cure, this.text, token.column);
  }
}
