import type { JsonSchema } from "../core/tool-spec.js";

const SIMPLE: Readonly<Record<string, string>> = { string: "str", integer: "int", number: "float", boolean: "bool", null: "None", object: "dict", array: "list" };

/** A JSON Schema in Python's words, for signatures and prompts: `list[str]`, `Literal['low', 'high']`, `int | None`. */
export function pythonType(schema: unknown): string {
  if (typeof schema !== "object" || schema === null) return "Any";
  const { type, anyOf, enum: allowed, const: only, items, additionalProperties } = schema as JsonSchema;
  if (Array.isArray(allowed)) return `Literal[${allowed.map(literal).join(", ")}]`;
  if (only !== undefined) return `Literal[${literal(only)}]`;
  if (Array.isArray(anyOf)) return [...new Set(anyOf.map(pythonType))].join(" | ");
  if (Array.isArray(type)) return type.map((each) => pythonType({ type: each as unknown })).join(" | ");
  if (type === "array" && items !== undefined) return `list[${pythonType(items)}]`;
  if (type === "object" && typeof additionalProperties === "object") return `dict[str, ${pythonType(additionalProperties)}]`;
  return typeof type === "string" ? (SIMPLE[type] ?? "Any") : "Any";
}

function literal(value: unknown): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  return typeof value === "string" ? `'${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'` : JSON.stringify(value);
}
