/** A whole number as people read it: `20,971,520`. Not by locale: prompts are the same on every machine. */
export function groupDigits(value: number): string {
  return String(Math.trunc(value)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Type and size of a Python variable: `str, 3,000 characters`, `list[int], 1 item`, `int`. */
export function typeAndSize(type: string, length: number | null): string {
  const shown = oneLine(type, 100);
  if (length === null) return shown;
  const unit = /^(str|text|LazyText)\b/i.test(type) ? "character" : /^(bytes|bytearray|memoryview)\b/.test(type) ? "byte" : "item";
  return `${shown}, ${groupDigits(length)} ${unit}${length === 1 ? "" : "s"}`;
}

/** Text from the sandbox for use inside a line: no line breaks, at most `maxChars` code points. */
export function oneLine(text: string, maxChars: number): string {
  const points = Array.from(text.slice(0, 2 * maxChars + 2).replace(/\s+/g, " "));
  return points.length <= maxChars ? points.join("") : `${points.slice(0, maxChars).join("")}…`;
}
