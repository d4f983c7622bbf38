import { LineEdges } from "./line-edges.js";
import { PythonScanner } from "./python-scanner.js";

export interface BlockEnd {
  /** Where the code ends. */
  readonly code: number;
  /** Where the text after the block begins. */
  readonly after: number;
  readonly closed: boolean;
}

/**
 * Finds the end of a fenced block. In Python a fence inside a string or a comment does not count; backticks mean nothing in Python code, so any other run of them does,
 * also in mid-line. Where the source is broken (a string that never ends), the first fence that has a line to itself ends the block.
 */
export function findBlockEnd(text: string, codeStart: number, fence: string, isPython: boolean): BlockEnd {
  const scanner = new PythonScanner(text, codeStart);
  const lines = new LineEdges(text);
  const runs = fence.startsWith("~") ? /~{3,}/g : /`{3,}/g;
  runs.lastIndex = codeStart;
  let inComment: BlockEnd | null = null;
  let inString: BlockEnd | null = null;
  for (let run = runs.exec(text); run !== null; run = runs.exec(text)) {
    if (run[0].length < fence.length) continue;
    const beginsLine = (lines.startOf(run.index) >= codeStart || codeStart === run.index) && lines.beginsLine(run.index);
    const endsLine = lines.endsLine(run.index + run[0].length);
    const alone = beginsLine && endsLine;
    if ((!isPython || fence.startsWith("~")) && !alone) continue;
    // A fence with a tag opens the next block: this one was never closed, but ends here.
    const opensNext = beginsLine && !endsLine;
    const end: BlockEnd = { code: run.index, after: opensNext ? run.index : run.index + run[0].length, closed: !opensNext };
    const place = isPython ? scanner.placeAt(run.index) : "code";
    if (place === "code") return end;
    if (place === "comment" && endsLine) inComment ??= end;
    if (place === "string" && alone) inString ??= end;
  }
  const toTheEnd: BlockEnd = { code: text.length, after: text.length, closed: false };
  if (!isPython) return toTheEnd;
  const endsInString = scanner.placeAt(text.length) === "string";
  return inComment ?? (endsInString ? inString : null) ?? toTheEnd;
}
