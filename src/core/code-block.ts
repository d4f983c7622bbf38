import { looksLikeCode } from "./bare-code.js";
import { findBlockEnd } from "./code-block-end.js";
import { LineEdges } from "./line-edges.js";

export interface CodeBlock {
  /** `python` for every accepted tag, `none` for a bare fence, else the tag as written. */
  readonly language: "python" | "none" | { readonly other: string };
  /** Where the opening fence begins, and where the text after the closing one begins. */
  readonly start: number;
  readonly end: number;
  readonly code: string;
  readonly closed: boolean;
}

interface Opening {
  readonly language: CodeBlock["language"];
  readonly start: number;
  readonly fence: string;
  readonly codeStart: number;
}

const PYTHON_TAGS = new Set(["python", "py", "python3", "py3", "repl", "ipython", "tool_code"]);
/** Doubled fences happen, more than that is noise. */
const MAX_WRAPPERS = 3;
/** Wrappers whose inside is searched. */
const DOCUMENT_TAGS = new Set(["markdown", "md"]);

/** The first fenced block of `text` at or after `from`, or `null`. Fences may stand in mid-line, be doubled, and lack their end. */
export function findCodeBlock(text: string, from: number): CodeBlock | null {
  const lines = new LineEdges(text);
  const fence = /`{3,}|~{3,}/g;
  fence.lastIndex = from;
  for (let match = fence.exec(text); match !== null; match = fence.exec(text)) {
    if (match[0].startsWith("~") && !lines.beginsLine(match.index)) continue;
    const oneLine = readOneLineBlock(text, lines, match.index, match[0]);
    if (oneLine !== null) {
      if (oneLine.language !== "none" || looksLikeCode(oneLine.code)) return oneLine;
      fence.lastIndex = oneLine.end;
      continue;
    }
    const opening = readOpening(text, lines, match.index, match[0]);
    if (opening !== null) return readBlock(text, innermostOpening(text, lines, opening), opening.start);
  }
  return null;
}

function readBlock(text: string, opening: Opening, start: number): CodeBlock {
  const isPython = typeof opening.language === "string";
  const end = findBlockEnd(text, opening.codeStart, opening.fence, isPython);
  return { language: opening.language, start, end: end.after, code: text.slice(opening.codeStart, end.code), closed: end.closed };
}

/** ```` ```python SUBMIT(x)``` ```` on one line; without a tag it may also be a quoted word, which the caller must tell apart. */
function readOneLineBlock(text: string, lines: LineEdges, start: number, fence: string): CodeBlock | null {
  const inside = start + fence.length;
  const close = fence.startsWith("~") ? -1 : text.slice(inside, lines.endOf(start)).lastIndexOf(fence);
  if (close === -1) return null;
  const tag = /^[ \t]*(\w+)[ \t]+/.exec(text.slice(inside, inside + close));
  const isPython = PYTHON_TAGS.has(tag?.[1]?.toLowerCase() ?? "");
  const codeStart = isPython ? inside + (tag?.[0].length ?? 0) : inside;
  return { language: isPython ? "python" : "none", start, end: inside + close + fence.length, code: text.slice(codeStart, inside + close), closed: true };
}

function readOpening(text: string, lines: LineEdges, start: number, fence: string): Opening | null {
  const beginsLine = lines.beginsLine(start);
  if (!beginsLine && fence.startsWith("~")) return null;
  const lineEnd = lines.endOf(start);
  const info = text.slice(start + fence.length, lineEnd);
  const nextLine = Math.min(lineEnd + 1, text.length);
  if (info.trim() === "") return { language: "none", start, fence, codeStart: nextLine };

  const [lead, tag, rest] = splitInfo(info);
  if (PYTHON_TAGS.has(tag.toLowerCase())) {
    const codeOnFenceLine = rest.trim() !== "" && !/^[ \t]*[{}]/.test(rest);
    return { language: "python", start, fence, codeStart: codeOnFenceLine ? start + fence.length + lead.length : nextLine };
  }
  if (!beginsLine || DOCUMENT_TAGS.has(tag.toLowerCase())) return null;
  if (looksLikeCode(info)) return { language: "none", start, fence, codeStart: start + fence.length };
  return { language: { other: (tag || info.trim()).slice(0, 30) }, start, fence, codeStart: nextLine };
}

/** The text up to the rest, the tag, and the rest of an info string: `python`, `{python}`, `python title="x"`. */
function splitInfo(info: string): [string, string, string] {
  const match = /^[ \t]*\{?\.?([\w+#.-]+)/.exec(info);
  return match === null ? ["", "", info] : [match[0], match[1] ?? "", info.slice(match[0].length)];
}

/** Doubled fences: a fence that is followed at once by another opening one only wraps it. */
function innermostOpening(text: string, lines: LineEdges, outer: Opening, depth = 0): Opening {
  if (typeof outer.language === "object" || depth === MAX_WRAPPERS) return outer;
  const match = /^\s*(`{3,}|~{3,})/.exec(text.slice(outer.codeStart));
  const fence = match?.[1];
  if (match === null || fence === undefined) return outer;
  const inner = readOpening(text, lines, outer.codeStart + match[0].length - fence.length, fence);
  if (inner === null) return outer;
  if (inner.language !== "none") return innermostOpening(text, lines, inner, depth + 1);
  const inside = text.slice(inner.codeStart).trimStart();
  const wrapsCode = outer.language === "none" && inside !== "" && new RegExp(`\\n[ \\t]*${fence}`).test(inside.slice(1));
  return wrapsCode ? inner : outer;
}
