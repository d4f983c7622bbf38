import type { Signature, SignatureField } from "../core/signature.js";
import { findNameFault } from "./names.js";
import { parseType } from "./parse-type.js";
import { SignatureError } from "./signature-error.js";
import { TokenCursor } from "./token-cursor.js";

const EXAMPLE = "Write it like \"logs, question -> answer: str\".";

/**
 * Parses the string form, `inputs -> outputs`: fields `name`, `name: type`, `name?: type`; the type is `str` when left out. Types are spelled
 * as in Python or as in TypeScript (parse-type.ts).
 *
 * Throws `SignatureError` for the first fault, with its column and cure.
 */
export function parseSignature(text: string): Signature {
  if (text.trim() === "") throw new SignatureError("empty", "the text is empty.", EXAMPLE, text, 1);
  const cursor = new TokenCursor(text);
  const taken = new Map<string, "input" | "output">();
  const inputs = parseFields(cursor, "input", taken);
  if (!cursor.take("->")) {
    if (cursor.peek().kind === "end") throw cursor.error("missing_arrow", "`->` between inputs and outputs is missing.", EXAMPLE, cursor.peek());
    throw cursor.unexpected("`,` or `->`", EXAMPLE);
  }
  if (cursor.peek().kind === "end") throw cursor.error("no_outputs", "there is no output after `->`.", EXAMPLE, cursor.peek());
  const outputs = parseFields(cursor, "output", taken);
  if (cursor.at("->")) throw cursor.error("extra_arrow", "there is a second `->`.", "A signature has one `->`: inputs on its left, outputs on its right.", cursor.peek());
  if (cursor.peek().kind !== "end") throw cursor.unexpected("`,` or the end", EXAMPLE);
  return { inputs, outputs };
}

function parseFields(cursor: TokenCursor, side: "input" | "output", taken: Map<string, "input" | "output">): SignatureField[] {
  const fields: SignatureField[] = [];
  if (side === "input" && cursor.at("->")) return fields;
  do fields.push(parseField(cursor, side, taken));
  while (cursor.take(","));
  return fields;
}

function parseField(cursor: TokenCursor, side: "input" | "output", taken: Map<string, "input" | "output">): SignatureField {
  const token = cursor.peek();
  if (token.kind !== "word") throw cursor.unexpected("the name of a field", EXAMPLE);
  cursor.next();
  const fault = findNameFault(token.text, side);
  if (fault !== null) throw cursor.error(fault.code, fault.problem, fault.cure, token);
  const other = taken.get(token.text);
  if (other !== undefined) {
    const where = other === side ? `twice among the ${side}s` : "as an input and as an output";
    throw cursor.error("duplicate_name", `\`${token.text}\` stands ${where}.`, "Give every field a name of its own.", token);
  }
  taken.set(token.text, side);
  const optional = cursor.take("?");
  const type = cursor.take(":") ? parseType(cursor) : ({ kind: "str" } as const);
  return { name: token.text, type, ...(optional ? { optional } : {}) };
}
