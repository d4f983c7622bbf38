import { findLoneSubmit, looksLikeCode } from "./bare-code.js";
import * as notice from "./cell-notices.js";
import { findCodeBlock, type CodeBlock } from "./code-block.js";
import { shortenReply } from "./kept-reply.js";
import { blankThinking } from "./thinking.js";

/** How a reply of the model ended. */
export type ReplyFinish = "stop" | "length" | "content_filter" | "other";

export type ExtractedCell = {
  /** The part of the reply that stays in the conversation: up to the end of the executed block, the whole where nothing runs; shortened (`shortenReply`). */
  readonly keptReply: string;
  /** What the model wrote before the code; the whole reply where nothing runs. */
  readonly reasoning: string;
} & (
  | {
    readonly code: string;
    /** Told to the model with the observation, e.g. that further blocks were ignored. */
    readonly notices: string[];
  }
  | {
    readonly code: null;
    /** Takes the place of the observation: what is wrong and what is expected. */
    readonly notice: string;
  }
);

/**
 * Finds the one cell of a reply: its first code block, or the whole reply when it is nothing but code, or a `SUBMIT(...)` that has a line to itself.
 * What follows it is ignored and the model told: models like to go on with invented output. Takes any text, never throws.
 */
export function extractCell(reply: string, finishReason: ReplyFinish): ExtractedCell {
  const text = reply.replaceAll("\r\n", "\n");
  const visible = blankThinking(text, findCodeBlock);
  const blocks = findBlocks(visible);
  const [block] = blocks.runnable;
  if (block !== undefined) return extractBlock(text, visible, block, blocks, finishReason);
  const nothing = (why: string): ExtractedCell => ({ code: null, notice: why, keptReply: shortenReply(visible, ""), reasoning: text.trim() });
  const [foreign] = blocks.foreign;
  if (foreign !== undefined) return nothing(finishReason === "length" && !foreign.closed ? notice.CUT_OFF : notice.otherLanguage(languageName(foreign)));
  return extractUnfenced(text, visible, finishReason) ?? nothing(whyNothing(text, visible, finishReason));
}

interface Blocks {
  /** The block to run, then all further blocks. */
  readonly runnable: readonly CodeBlock[];
  /** Blocks of another language before it. */
  readonly foreign: readonly CodeBlock[];
}

/** Each block is looked for through the rest of the text: a reply of fences only must not keep a worker busy for hours. */
const MAX_BLOCKS = 50;

/** The first block runs. One that names another language is passed over when a block tagged as Python follows. */
function findBlocks(visible: string): Blocks {
  const all: CodeBlock[] = [];
  for (let block = findCodeBlock(visible, 0); block !== null && all.length < MAX_BLOCKS; block = findCodeBlock(visible, block.end)) all.push(block);
  const first = typeof all[0]?.language === "object" ? all.findIndex((block) => block.language === "python") : 0;
  return first === -1 ? { runnable: [], foreign: all } : { runnable: all.slice(first), foreign: all.slice(0, first) };
}

function extractBlock(text: string, visible: string, block: CodeBlock, blocks: Blocks, finishReason: ReplyFinish): ExtractedCell {
  const base = { keptReply: shortenReply(visible.slice(0, block.start), text.slice(block.start, block.end)), reasoning: text.slice(0, block.start).trim() };
  // Half a program may do the wrong thing.
  if (!block.closed && finishReason === "length") return { ...base, code: null, notice: notice.CUT_OFF };
  if (!block.closed && finishReason === "content_filter") return { ...base, code: null, notice: notice.FILTERED };
  const code = unindent(block.code);
  if (code === "") return { ...base, code: null, notice: notice.EMPTY_BLOCK };
  const [foreign] = blocks.foreign;
  const notices = foreign === undefined ? [] : [notice.skippedLanguage(languageName(foreign))];
  const further = blocks.runnable.slice(1).filter((other) => other.code.trim() !== "").length;
  if (further > 0) notices.push(notice.furtherBlocks(further));
  else if (visible.slice(block.end).replace(/[`~]/g, "").trim() !== "") notices.push(notice.TEXT_AFTER);
  return { ...base, code, notices };
}

function extractUnfenced(text: string, visible: string, finishReason: ReplyFinish): ExtractedCell | null {
  if (finishReason === "length" || finishReason === "content_filter") return null;
  if (looksLikeCode(visible)) {
    const start = visible.search(/\S/);
    return { code: unindent(visible), notices: [], keptReply: shortenReply(visible.slice(0, start), text.slice(start)), reasoning: text.slice(0, start).trim() };
  }
  const submit = findLoneSubmit(visible);
  if (submit === null) return null;
  const notices = visible.slice(submit.end).replaceAll("`", "").trim() === "" ? [] : [notice.TEXT_AFTER];
  return { code: visible.slice(submit.start, submit.end), notices, keptReply: shortenReply(visible.slice(0, submit.start), text.slice(submit.start, submit.end)), reasoning: text.slice(0, submit.start).trim() };
}

function whyNothing(text: string, visible: string, finishReason: ReplyFinish): string {
  if (finishReason === "length") return notice.CUT_OFF;
  if (finishReason === "content_filter") return notice.FILTERED;
  if (text.trim() === "") return notice.EMPTY_REPLY;
  return visible.trim() === "" ? notice.ONLY_THINKING : notice.NO_CODE;
}

function languageName(block: CodeBlock): string {
  return typeof block.language === "object" ? block.language.other : block.language;
}

/** Removes the first line's indentation from every line that has it (a block inside a list is indented as a whole), and blank lines around. */
function unindent(code: string): string {
  const trimmed = code.replace(/^(?:[ \t]*\n)+/, "").trimEnd();
  const indent = /^[ \t]*/.exec(trimmed)?.[0] ?? "";
  return indent === "" ? trimmed : trimmed.split("\n").map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line)).join("\n");
}
