import type { BoundedText, CellResult } from "./cell.js";

/** A run of kept characters (code points), or a number of characters that the sandbox had already left out. */
type Segment = { readonly chars: readonly string[] } | { readonly leftOut: number };

const EMPTY_HINT = "(no output: the cell ran, but nothing was printed and its last line has no value; use print() to see something)";

/**
 * What the model reads after a cell: output, then the value of a trailing expression, then the traceback of an error, each from a line of its own.
 *
 * Longer than `maxOutputChars` (code points, as Python counts) it is cut to head and tail with the number left out said between them; that
 * sentence comes on top of the limit. A cell that showed nothing gets a hint, but not when it submitted: then the text is empty.
 * The submitted values, restored names and the state of the run are not part of it.
 */
export function renderObservation(result: CellResult, maxOutputChars: number): string {
  const segments = [result.output, result.value, result.error?.traceback].reduce<Segment[]>((all, text) => {
    if (text === null || text === undefined || text.chars === 0) return all;
    return [...all, ...(needsNewline(all) ? [{ chars: ["\n"] }] : []), ...segmentsOf(text)];
  }, []);
  if (segments.length === 0) return result.submit === null ? EMPTY_HINT : "";
  return cut(segments, maxOutputChars);
}

function segmentsOf(text: BoundedText): Segment[] {
  const head = [...text.head];
  const tail = [...text.tail];
  const leftOut = Math.max(0, text.chars - head.length - tail.length);
  return leftOut === 0 ? [{ chars: [...head, ...tail] }] : [{ chars: head }, { leftOut }, { chars: tail }];
}

function needsNewline(segments: readonly Segment[]): boolean {
  const last = segments.at(-1);
  return last !== undefined && "chars" in last && last.chars.at(-1) !== "\n";
}

function cut(segments: readonly Segment[], limit: number): string {
  const total = segments.reduce((sum, segment) => sum + ("chars" in segment ? segment.chars.length : segment.leftOut), 0);
  const whole = segments.every((segment) => "chars" in segment);
  if (whole && total <= limit) return segments.map((segment) => ("chars" in segment ? segment.chars.join("") : "")).join("");
  const head = takeUntilGap(segments, limit - Math.floor(limit / 2));
  const tail = takeUntilGap(segments.toReversed().map(reversed), Math.floor(limit / 2)).toReversed();
  const leftOut = total - head.length - tail.length;
  return `${head.join("")}\n… [${leftOut.toLocaleString("en-US")} characters left out] …\n${tail.join("")}`;
}

function reversed(segment: Segment): Segment {
  return "chars" in segment ? { chars: segment.chars.toReversed() } : segment;
}

/** The first characters, at most `limit`; what lies behind a gap is not taken, or the text would seem to run on. */
function takeUntilGap(segments: readonly Segment[], limit: number): string[] {
  let taken: string[] = [];
  for (const segment of segments) {
    if (!("chars" in segment) || taken.length >= limit) break;
    taken = taken.concat(segment.chars.slice(0, limit - taken.length));
  }
  return taken;
}
