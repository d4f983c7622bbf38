import type { SignatureField, TypeSpec } from "../core/signature.js";
import { SignatureFieldError } from "./field-error.js";
import { isSchemaNode, nodesOf, textOf, type JsonSchemaNode } from "./json-schema-node.js";
import { readRules } from "./read-rules.js";
import { unionOf } from "./union-of.js";

/** Schemas nest as deep as types in the string form. */
const MAX_DEPTH = 32;

const WITHOUT_COUNTERPART = ["allOf", "not", "if", "patternProperties", "dependentSchemas", "contains", "uniqueItems", "minProperties", "maxProperties"];

type Reader = (node: JsonSchemaNode, path: string, depth: number) => TypeSpec;

/**
 * The type that a JSON Schema (draft 2020-12) describes. What a signature cannot express is refused by name rather than dropped.
 *
 * @param path Where the schema stands, for messages.
 * @throws SignatureFieldError `unsupported_schema`
 */
export function typeFromJsonSchema(schema: JsonSchemaNode, path: string): TypeSpec {
  const definitions = isSchemaNode(schema["$defs"]) ? schema["$defs"] : {};
  const read: Reader = (node, at, depth) => {
    if (depth > MAX_DEPTH) throw unsupported(at, "it is nested too deep, or refers to itself.");
    const ref = textOf(node, "$ref");
    if (ref === null) return readNode(node, at, depth, read);
    const target = ref.startsWith("#/$defs/") ? definitions[ref.slice("#/$defs/".length)] : undefined;
    if (!isSchemaNode(target)) throw unsupported(at, ref.startsWith("#") ? "it refers to itself." : `the reference ${ref} leads out of it.`);
    return read(target, at, depth + 1);
  };
  return read(schema, path, 0);
}

function readNode(node: JsonSchemaNode, path: string, depth: number, read: Reader): TypeSpec {
  for (const keyword of WITHOUT_COUNTERPART) {
    if (node[keyword] !== undefined && node[keyword] !== false) throw unsupported(path, `\`${keyword}\` has no counterpart in a signature.`);
  }
  if (Array.isArray(node["enum"])) return literal(node["enum"], path);
  if (node["const"] !== undefined) return literal([node["const"]], path);
  const options = nodesOf(node["anyOf"]) ?? nodesOf(node["oneOf"]);
  if (options !== null) return unionOf(options.map((option) => read(option, path, depth + 1)));
  const type = node["type"] ?? impliedType(node);
  if (Array.isArray(type)) return unionOf(type.map((each) => readNode({ ...node, type: each }, path, depth + 1, read)));
  switch (type) {
    case undefined:
      return { kind: "any" };
    case "string":
      if (node["format"] === "binary") throw unsupported(path, "a file has no counterpart in a signature.");
      return { kind: textKind(node), ...readRules(node) };
    case "integer":
      return { kind: "int", ...readRules(node) };
    case "number":
      return { kind: "float", ...readRules(node) };
    case "boolean":
      return { kind: "bool" };
    case "null":
      return { kind: "none" };
    case "array":
      return readArray(node, path, depth, read);
    case "object":
      return readObject(node, path, depth, read);
    default:
      throw unsupported(path, `the type ${JSON.stringify(type)} is not one of JSON.`);
  }
}

/** Of a schema that names no type: by the keywords that mean something for one type only. */
function impliedType(node: JsonSchemaNode): "object" | "array" | undefined {
  if (["properties", "additionalProperties", "propertyNames", "required"].some((keyword) => node[keyword] !== undefined)) return "object";
  return node["items"] !== undefined || node["prefixItems"] !== undefined ? "array" : undefined;
}

function textKind(node: JsonSchemaNode): "str" | "date" | "datetime" | "bytes" {
  if (node["contentEncoding"] === "base64") return "bytes";
  return node["format"] === "date" ? "date" : node["format"] === "date-time" ? "datetime" : "str";
}

function literal(values: readonly unknown[], path: string): TypeSpec {
  const plain = values.filter((value): value is string | number | boolean | null => value === null || ["string", "number", "boolean"].includes(typeof value));
  if (plain.length !== values.length || plain.length === 0) throw unsupported(path, "a literal must be a text, a number, a truth value or null.");
  return { kind: "literal", values: [...new Set(plain)] };
}

function readArray(node: JsonSchemaNode, path: string, depth: number, read: Reader): TypeSpec {
  const items = nodesOf(node["prefixItems"]);
  if (items !== null && items.length > 0) {
    if (isSchemaNode(node["items"])) throw unsupported(path, "a tuple with a rest has no counterpart in a signature.");
    return { kind: "tuple", items: items.map((item, at) => read(item, `${path}[${at}]`, depth + 1)) };
  }
  return { kind: "list", item: isSchemaNode(node["items"]) ? read(node["items"], `${path}[]`, depth + 1) : { kind: "any" }, ...readRules(node) };
}

function readObject(node: JsonSchemaNode, path: string, depth: number, read: Reader): TypeSpec {
  const { properties, additionalProperties, propertyNames } = node;
  if (isSchemaNode(propertyNames) && Array.isArray(propertyNames["enum"])) {
    const named = Object.fromEntries(propertyNames["enum"].map((name) => [String(name), additionalProperties]));
    return readObject({ properties: named, required: node["required"] }, path, depth, read);
  }
  if (isSchemaNode(propertyNames) && Object.keys(propertyNames).some((keyword) => keyword !== "type")) throw unsupported(path, "rules for the names of keys have no counterpart in a signature.");
  if (!isSchemaNode(properties)) return { kind: "dict", value: isSchemaNode(additionalProperties) ? read(additionalProperties, `${path}[…]`, depth + 1) : { kind: "any" } };
  if (isSchemaNode(additionalProperties) && Object.keys(additionalProperties).length > 0) throw unsupported(path, "an object has either named keys or any keys of one type.");
  const required = new Set(Array.isArray(node["required"]) ? node["required"] : []);
  return { kind: "object", fields: Object.entries(properties).map(([name, property]) => readProperty(name, isSchemaNode(property) ? property : {}, required.has(name), path, depth, read)) };
}

function readProperty(name: string, node: JsonSchemaNode, isRequired: boolean, path: string, depth: number, read: Reader): SignatureField {
  const description = textOf(node, "description");
  return { name, type: read(node, `${path}.${name}`, depth + 1), ...(description !== null && { description }), ...(!isRequired && { optional: true }) };
}

function unsupported(path: string, problem: string): SignatureFieldError {
  return new SignatureFieldError("unsupported_schema", path, `this schema cannot be used: ${problem}`, "Describe a JSON value: texts, numbers, lists, objects, literals and unions of them.");
}
