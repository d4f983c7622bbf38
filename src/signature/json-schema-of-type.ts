import type { SignatureField, TypeSpec } from "../core/signature.js";

/** A JSON Schema document, as plain data. */
type JsonSchema = Readonly<Record<string, unknown>>;

/** The type as JSON Schema, for model servers that keep their replies to one. What JSON Schema cannot say (Base64) is said in `description`s. */
function jsonSchemaOfType(type: TypeSpec): JsonSchema {
  switch (type.kind) {
    case "str":
      return { type: "string" };
    case "int":
      return { type: "integer" };
    case "float":
      return { type: "number" };
    case "bool":
      return { type: "boolean" };
    case "none":
      return { type: "null" };
    case "any":
      return {};
    case "bytes":
      return { type: "string", description: "Base64" };
    case "date":
      return { type: "string", format: "date" };
    case "datetime":
      return { type: "string", format: "date-time" };
    case "list":
      return { type: "array", items: jsonSchemaOfType(type.item) };
    case "dict":
      return { type: "object", additionalProperties: jsonSchemaOfType(type.value) };
    case "tuple":
      return { type: "array", prefixItems: type.items.map(jsonSchemaOfType), minItems: type.items.length, maxItems: type.items.length };
    case "literal":
      return { enum: type.values };
    case "union":
      return { anyOf: type.options.map(jsonSchemaOfType) };
    case "object":
      return jsonSchemaOfFields(type.fields);
  }
}

/** An object with these keys and no others. */
export function jsonSchemaOfFields(fields: readonly SignatureField[]): JsonSchema {
  return {
    type: "object",
    properties: Object.fromEntries(fields.map(({ name, type, description }) => [name, { ...jsonSchemaOfType(type), ...(description !== undefined && { description }) }])),
    required: fields.filter(({ optional }) => optional !== true).map(({ name }) => name),
    additionalProperties: false,
  };
}
