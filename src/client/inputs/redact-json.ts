import { isLosslessNumber, parse, stringify } from "lossless-json";
import type { Redaction } from "../../sources/redaction.js";
import { InputError } from "../errors.js";

/**
 * JSON text with its texts redacted; a number that matches becomes the placeholder too. Names of members are kept, so that one that matches is refused.
 * What is not JSON is given back as it is, to be refused by the check of types.
 * @throws InputError
 */
export function redactJson(name: string, json: string, redaction: Redaction): string {
  if (redaction.isEmpty) return json;
  let tree: unknown;
  try {
    tree = parse(json);
  } catch {
    return json;
  }
  return stringify(redactTree(name, tree, redaction)) ?? "null";
}

function redactTree(name: string, value: unknown, redaction: Redaction): unknown {
  if (typeof value === "string") return redaction.text(value);
  if (isLosslessNumber(value)) {
    const number = value.toString();
    const redacted = redaction.text(number);
    return redacted === number ? value : redacted;
  }
  if (Array.isArray(value)) return value.map((item) => redactTree(name, item, redaction));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => {
    if (redaction.text(key) !== key) throw new InputError(name, `Input \`${name}\`: the name of a member matches a pattern to redact, and names are kept. Give it another name, or change the pattern.`);
    return [key, redactTree(name, item, redaction)];
  }));
}
