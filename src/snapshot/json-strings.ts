import { readSync } from "node:fs";

/** Where a string of a JSON text is: its bytes between the quotes, still escaped. */
export interface JsonString {
  readonly at: number;
  readonly bytes: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const WINDOW_BYTES = 4 << 20;

/** The strings of a JSON file (keys too) that have at least `leastBytes` bytes, in the order of the text. The text must be valid JSON. */
export function findJsonStrings(fd: number, size: number, leastBytes: number): JsonString[] {
  const window = Buffer.allocUnsafe(WINDOW_BYTES);
  const found: JsonString[] = [];
  let openedAt: number | null = null;
  // Backslashes right before the window, when a string goes on into it.
  let carried = 0;
  for (let windowAt = 0; windowAt < size; ) {
    const length = readSync(fd, window, 0, Math.min(WINDOW_BYTES, size - windowAt), windowAt);
    if (length === 0) break;
    const bytes = window.subarray(0, length);
    for (let at = bytes.indexOf(QUOTE); at !== -1; at = bytes.indexOf(QUOTE, at + 1)) {
      if (openedAt === null) openedAt = windowAt + at + 1;
      else if (isEven(backslashesBefore(bytes, at, carried))) {
        const string = { at: openedAt, bytes: windowAt + at - openedAt };
        if (string.bytes >= leastBytes) found.push(string);
        openedAt = null;
      }
    }
    carried = openedAt === null ? 0 : Math.min(backslashesBefore(bytes, length, carried), windowAt + length - openedAt);
    windowAt += length;
  }
  return found;
}

function backslashesBefore(bytes: Buffer, at: number, carried: number): number {
  let first = at;
  while (first > 0 && bytes[first - 1] === BACKSLASH) first--;
  return at - first + (first === 0 ? carried : 0);
}

function isEven(count: number): boolean {
  return count % 2 === 0;
}

/** The string itself. @throws {Error} the file is not what it was, or too short. */
export function readJsonString(fd: number, { at, bytes }: JsonString): string {
  // With its quotes it is a JSON text.
  const text = Buffer.allocUnsafe(bytes + 2);
  for (let done = 0; done < text.length; ) {
    const read = readSync(fd, text, done, text.length - done, at - 1 + done);
    if (read === 0) throw new Error(`an input file ends inside the string at ${at}`);
    done += read;
  }
  const value: unknown = JSON.parse(text.toString("utf8"));
  if (typeof value !== "string") throw new Error(`an input file has no string at ${at}`);
  return value;
}
