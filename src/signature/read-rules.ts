import type { ValueRules } from "../core/signature.js";
import type { JsonSchemaNode } from "./json-schema-node.js";

const NUMBERS = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "minItems", "maxItems"] as const;

/** The limits on a value that a JSON Schema states; `{}` when there are none. */
export function readRules(node: JsonSchemaNode): { readonly rules?: ValueRules } {
  const numbers = NUMBERS.flatMap((key) => (typeof node[key] === "number" ? [[key, node[key]] as const] : []));
  const { pattern } = node;
  // The pattern of a date or of Base64 repeats what the type says already.
  const isOwnType = node["format"] === "date" || node["format"] === "date-time" || node["contentEncoding"] === "base64";
  const patterns = typeof pattern === "string" && !isOwnType ? [["pattern", pattern] as const] : [];
  const rules: ValueRules = Object.fromEntries([...numbers, ...patterns]);
  return Object.keys(rules).length === 0 ? {} : { rules };
}
