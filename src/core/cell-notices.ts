/** What the model is told about the form of its reply. Texts that begin with `[Error]` take the place of an observation: nothing ran. */
const EXPECTED = "Reply with your reasoning and then one ```python block; it runs in the REPL and its output comes back to you. When the answer is ready, call SUBMIT(...) in the block.";

export const NO_CODE = `[Error] Your reply held no code block, so nothing ran. ${EXPECTED}`;
export const EMPTY_REPLY = `[Error] Your reply was empty, so nothing ran. ${EXPECTED}`;
export const ONLY_THINKING = `[Error] Your reply ended with your thinking; there was no code after it, so nothing ran. ${EXPECTED}`;
export const EMPTY_BLOCK = `[Error] The code block of your reply was empty, so nothing ran. ${EXPECTED}`;
export const CUT_OFF = "[Error] Your reply was cut off because it reached the length limit, and its code was incomplete, so nothing ran. "
  + "Think and write less in one reply: do one small step in one ```python block, and build long answers in variables instead of writing them out.";
export const FILTERED = `[Error] Your reply was stopped by the provider's content filter before its code was complete, so nothing ran. Take another way to do it. ${EXPECTED}`;
export const TEXT_AFTER = "The text after your code block was ignored. End your reply with the block, and read its output before you go on.";

export function otherLanguage(language: string): string {
  return `[Error] The code block of your reply was marked "${language}", but only Python runs here, so nothing ran. ${EXPECTED}`;
}

export function skippedLanguage(language: string): string {
  return `The block marked "${language}" was not run; only Python runs here.`;
}

export function furtherBlocks(count: number): string {
  const which = count === 1 ? "1 further block was" : `${count} further blocks were`;
  return `Only the first code block of a reply runs; ${which} ignored, and output you wrote yourself is not real. Write one block, then read its output.`;
}
