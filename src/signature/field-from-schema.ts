import type { SignatureField } from "../core/signature.js";
import { SignatureFieldError } from "./field-error.js";
import { typeFromJsonSchema } from "./from-json-schema.js";
import { textOf, type JsonSchemaNode } from "./json-schema-node.js";
import { findNameFault } from "./names.js";
import type { StandardSchema } from "./standard-schema.js";

const CURE = "Use zod from 4.2 on, or another library whose schemas are Standard Schemas with `~standard.jsonSchema`.";

/**
 * A field that is described by a schema: its type, description, and whether it may be left out, as plain JSON.
 * @throws SignatureFieldError
 */
export function fieldFromSchema(name: string, schema: StandardSchema, side: "input" | "output"): SignatureField {
  requireFieldName(name, side);
  const node = jsonSchemaOf(name, schema);
  const description = textOf(node, "description");
  return { name, type: typeFromJsonSchema(node, name), ...(description !== null && { description }), ...(mayBeLeftOut(schema, node) && { optional: true }) };
}

/** @throws SignatureFieldError */
function requireFieldName(name: string, side: "input" | "output"): void {
  const fault = findNameFault(name, side);
  if (fault !== null) throw new SignatureFieldError(fault.code, name, fault.problem, fault.cure);
}

function jsonSchemaOf(name: string, schema: StandardSchema): JsonSchemaNode {
  const convert: unknown = (schema as Partial<StandardSchema> | null | undefined)?.["~standard"]?.jsonSchema?.input;
  if (typeof convert !== "function") throw new SignatureFieldError("unsupported_schema", name, "it is not a schema that can be written as JSON Schema.", CURE);
  try {
    return schema["~standard"].jsonSchema.input({ target: "draft-2020-12" });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new SignatureFieldError("unsupported_schema", name, `its schema cannot be written as JSON Schema (${why}).`, "Values travel as JSON: describe dates as `z.iso.datetime()`, big integers as `z.int()` or a text.", { cause: error });
  }
}

/** JSON Schema has no word for an optional value as such: whether nothing at all passes tells. A schema that takes anything is not optional. */
function mayBeLeftOut(schema: StandardSchema, node: JsonSchemaNode): boolean {
  if (Object.keys(node).every((key) => key === "$schema" || key === "description" || key === "title")) return false;
  const result = schema["~standard"].validate(undefined);
  if (!(result instanceof Promise)) return result.issues === undefined;
  result.catch(() => undefined);
  return node["default"] !== undefined;
}
