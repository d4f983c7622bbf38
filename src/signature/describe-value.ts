import { quotePython } from "./format-type.js";
import { isArrayNode, isNumberNode, isObjectNode, isIntegerText, nonFiniteName, type JsonTree } from "./json-tree.js";

const MAX_CHARS = 60;
const MAX_ITEMS = 4;

/** The Python type a JSON value had. */
export function pythonTypeOf(value: JsonTree): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "string") return "str";
  if (isNumberNode(value)) return isIntegerText(value.toString()) ? "int" : "float";
  return isArrayNode(value) ? "list" : "dict";
}

/** A value as Python shows it, at most ~60 characters, for messages to the model. */
export function shortenValue(value: JsonTree): string {
  const text = reprOf(value, 0);
  const points = Array.from(text.slice(0, 2 * MAX_CHARS + 2));
  return points.length <= MAX_CHARS ? text : `${points.slice(0, MAX_CHARS).join("")}…`;
}

function reprOf(value: JsonTree, depth: number): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string") return quotePython(value.slice(0, 2 * MAX_CHARS));
  if (isNumberNode(value)) return nonFiniteName(value)?.replace("Infinity", "inf").replace("NaN", "nan") ?? value.toString();
  if (isArrayNode(value)) return `[${join(value, depth, (item) => reprOf(item, depth + 1))}]`;
  return isObjectNode(value) ? `{${join(Object.entries(value), depth, ([key, item]) => `${quotePython(key)}: ${reprOf(item, depth + 1)}`)}}` : "";
}

/** Only the first few parts are rendered at all: the value may be huge. */
function join<T>(parts: readonly T[], depth: number, render: (part: T) => string): string {
  if (depth >= 3) return parts.length === 0 ? "" : "…";
  return [...parts.slice(0, MAX_ITEMS).map(render), ...(parts.length > MAX_ITEMS ? ["…"] : [])].join(", ");
}
