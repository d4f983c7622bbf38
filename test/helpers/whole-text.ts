import type { BoundedText } from "../../src/core/cell.js";

/** A text of a cell that was short enough to be kept whole. */
export function whole(text: BoundedText): string {
  return text.head + text.tail;
}
