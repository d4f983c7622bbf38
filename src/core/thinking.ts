/** Tags beyond are left as they are: each costs a look through the rest of the text. */
const MAX_TAGS = 50;
const TAG = /<(\/?)think(?:ing)?>/gi;

/**
 * The text with everything a model wrote to itself (`<think>…</think>`) blanked out; length and line breaks are kept, so that places stay the same.
 *
 * A closing tag without an opening one (chat templates that put the opening one into the prompt) blanks all before it when it begins or ends a line.
 * An opening tag that is never closed blanks the rest when it begins a line. Tags inside a code block that begins before them are code.
 *
 * @param findBlock The first code block of a text from a place on, or `null`.
 */
export function blankThinking(text: string, findBlock: (text: string, from: number) => { start: number; end: number } | null): string {
  let blanked = text;
  let at = 0;
  for (let tags = 0; tags < MAX_TAGS; tags += 1) {
    TAG.lastIndex = at;
    const tag = TAG.exec(blanked);
    if (tag === null) return blanked;
    const block = findBlock(blanked, at);
    if (block !== null && block.start < tag.index && tag.index < block.end) {
      at = block.end;
      continue;
    }
    const thought = thoughtOf(blanked, tag, at === 0 && standsAtEdgeOfLine(blanked, tag.index, tag[0].length));
    if (thought !== null) blanked = blanked.slice(0, thought.start) + blanked.slice(thought.start, thought.end).replace(/[^\n]/g, " ") + blanked.slice(thought.end);
    at = thought?.end ?? tag.index + tag[0].length;
  }
  return blanked;
}

function thoughtOf(text: string, tag: RegExpExecArray, closesAll: boolean): { start: number; end: number } | null {
  const afterTag = tag.index + tag[0].length;
  if (tag[1] === "/") return closesAll ? { start: 0, end: afterTag } : null;
  const close = /<\/think(?:ing)?>/i.exec(text.slice(afterTag));
  if (close !== null) return { start: tag.index, end: afterTag + close.index + close[0].length };
  return text.slice(text.lastIndexOf("\n", tag.index) + 1, tag.index).trim() === "" ? { start: tag.index, end: text.length } : null;
}

function standsAtEdgeOfLine(text: string, at: number, length: number): boolean {
  const before = text.slice(text.lastIndexOf("\n", at - 1) + 1, at);
  const lineEnd = text.indexOf("\n", at);
  const after = text.slice(at + length, lineEnd === -1 ? text.length : lineEnd);
  return before.trim() === "" || after.trim() === "";
}
