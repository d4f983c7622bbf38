import type { SignatureField, TypeSpec } from "../core/signature.js";
import { isPythonIdentifier } from "./names.js";

/** A type in Python's spelling (objects as `{ a: str, b?: int }`), as the model reads it; `parseSignature` reads it back. */
export function formatType(type: TypeSpec): string {
  switch (type.kind) {
    case "list":
      return `list[${formatType(type.item)}]`;
    case "dict":
      return `dict[str, ${formatType(type.value)}]`;
    case "tuple":
      return `tuple[${type.items.map(formatType).join(", ")}]`;
    case "literal":
      return `Literal[${type.values.map(formatLiteral).join(", ")}]`;
    case "union":
      return type.options.map(formatType).join(" | ");
    case "object":
      return type.fields.length === 0 ? "{}" : `{ ${type.fields.map(formatKey).join(", ")} }`;
    case "none":
      return "None";
    case "str":
    case "int":
    case "float":
    case "bool":
    case "any":
    case "bytes":
    case "date":
    case "datetime":
      return type.kind;
  }
}

/** A literal as Python writes it: `'low'`, `3`, `True`, `None`. */
function formatLiteral(value: string | number | boolean | null): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  return typeof value === "number" ? String(value) : quotePython(value);
}

/** A text in single quotes, with the escapes that Python and the signature parser share. */
export function quotePython(text: string): string {
  const escaped = text.replace(/[\\']/g, "\\$&").replace(/\n/g, "\\n").replace(/\r/g, "\\r").replace(/\t/g, "\\t");
  return `'${escaped}'`;
}

function formatKey(field: SignatureField): string {
  const name = isPythonIdentifier(field.name) ? field.name : quotePython(field.name);
  return `${name}${field.optional === true ? "?" : ""}: ${formatType(field.type)}`;
}
