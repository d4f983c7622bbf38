import { isNumberNode, numberNode, type JsonTree } from "./json-tree.js";
import type { Leniency } from "./coerce-scalar.js";

type LiteralValue = string | number | boolean | null;

/** The literal that the value is, or (coercing) the only one it can mean: upper and lower case and blanks around it are overlooked. */
export function coerceLiteral(values: readonly LiteralValue[], value: JsonTree, leniency: Leniency): JsonTree | undefined {
  const exact = values.find((literal) => isSame(literal, value));
  if (exact !== undefined) return toNode(exact);
  if (leniency !== "coerce" || typeof value !== "string") return undefined;
  const wanted = value.trim().toLowerCase();
  const texts = values.filter((literal) => typeof literal === "string" && literal.toLowerCase() === wanted);
  const [only] = texts.length > 0 ? texts : values.filter((literal) => literal !== null && String(literal).toLowerCase() === wanted);
  return texts.length > 1 || only === undefined ? undefined : toNode(only);
}

function isSame(literal: LiteralValue, value: JsonTree): boolean {
  return isNumberNode(value) ? literal === Number(value.toString()) : literal === value;
}

function toNode(literal: LiteralValue): JsonTree {
  return typeof literal === "number" ? numberNode(String(literal)) : literal;
}
