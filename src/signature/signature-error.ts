export type SignatureErrorCode =
  | "empty" | "missing_arrow" | "extra_arrow" | "no_outputs"
  | "illegal_name" | "reserved_name" | "duplicate_name"
  | "unknown_type" | "illegal_type" | "too_deep"
  | "unexpected_text" | "unterminated_string";

const CONTEXT_CHARS = 60;

/** A signature text that cannot be used. The message shows the place with a caret and ends with the cure. */
export class SignatureError extends Error {
  override readonly name = "SignatureError";

  constructor(
    readonly code: SignatureErrorCode,
    /** What is wrong, one sentence without the place. */
    readonly problem: string,
    /** What to write instead. */
    readonly cure: string,
    readonly text: string,
    /** Where the fault begins: UTF-16 units from 1. */
    readonly column: number,
  ) {
    super(`Signature, column ${column}: ${problem}\n${caretLines(text, column)}\n${cure}`);
  }
}

/** The neighbourhood of the fault on one line, and a caret under it. Line breaks become blanks so that columns stay true. */
function caretLines(text: string, column: number): string {
  const at = column - 1;
  const start = Math.max(0, at - CONTEXT_CHARS);
  const end = Math.min(text.length, at + CONTEXT_CHARS);
  const before = `${start > 0 ? "…" : ""}${text.slice(start, at)}`.replace(/\s/g, " ");
  const after = `${text.slice(at, end)}${end < text.length ? "…" : ""}`.replace(/\s/g, " ");
  return `  ${before}${after}\n  ${" ".repeat(before.length)}^`;
}
