/**
 * Text of a model or a program for a terminal: control characters (colours, cursor moves, titles, bells, bidirectional overrides) become visible
 * escapes; newlines and tabs stay. A model must not be able to repaint a person's screen.
 */
export function terminalSafe(text: string): string {
  return text.replaceAll("\r\n", "\n").replaceAll(UNSAFE, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
}

/** C0 without tab and newline, DEL, C1, line and paragraph separators, bidirectional controls. */
const UNSAFE = /[^\P{Cc}\t\n]|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;
