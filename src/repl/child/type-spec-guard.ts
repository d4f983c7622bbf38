import type { TypeSpec } from "../../core/signature.js";

/** Deeper types are refused: nobody means them, and they would exhaust the stack. */
const MAX_DEPTH = 40;
const SCALARS: ReadonlySet<unknown> = new Set(["str", "int", "float", "bool", "none", "any", "bytes", "date", "datetime"]);

/** True for a well-formed type. Python made it of what the cell gave as `schema=`; its side is not trusted. */
export function isTypeSpec(value: unknown, depth = 0): value is TypeSpec {
  if (!isRecord(value) || depth > MAX_DEPTH) return false;
  const inner = (each: unknown): boolean => isTypeSpec(each, depth + 1);
  switch (value["kind"]) {
    case "list":
      return inner(value["item"]);
    case "dict":
      return inner(value["value"]);
    case "tuple":
      return isListOf(value["items"], inner);
    case "union":
      return isListOf(value["options"], inner);
    case "literal":
      return isListOf(value["values"], (each) => each === null || ["string", "number", "boolean"].includes(typeof each));
    case "object":
      return isListOf(value["fields"], (field) => isRecord(field) && typeof field["name"] === "string" && field["name"] !== "" && isNote(field) && inner(field["type"]));
    default:
      return SCALARS.has(value["kind"]);
  }
}

function isNote({ optional, description }: Readonly<Record<string, unknown>>): boolean {
  return (optional === undefined || typeof optional === "boolean") && (description === undefined || typeof description === "string");
}

function isListOf(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
