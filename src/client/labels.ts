import { MAX_LABEL_CHARS } from "../core/visibility.js";

/** A name to find runs by cannot be used. */
export class InvalidLabelError extends Error {
  override readonly name = "InvalidLabelError";
  readonly code = "invalid_label";
}

/** @throws InvalidLabelError it is empty, too long, or cannot be printed */
export function requireLabel(what: "job" | "batch", label: string): string {
  if (label.length === 0 || label.length > MAX_LABEL_CHARS) throw new InvalidLabelError(`The ${what} name has ${label.length} characters; it must have 1 to ${MAX_LABEL_CHARS}. Choose a shorter one.`);
  if (/\p{C}/u.test(label)) throw new InvalidLabelError(`The ${what} name ${JSON.stringify(label)} holds characters that cannot be printed. Choose another.`);
  return label;
}
