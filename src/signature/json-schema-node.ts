/** One node of a JSON Schema, as untyped as it comes. */
export type JsonSchemaNode = Readonly<Record<string, unknown>>;

export function isSchemaNode(value: unknown): value is JsonSchemaNode {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function textOf(node: JsonSchemaNode, key: string): string | null {
  const value = node[key];
  return typeof value === "string" && value.trim() !== "" ? value.trim() : null;
}

/** The nodes of a list such as `anyOf`; `null` where it is not one. */
export function nodesOf(value: unknown): readonly JsonSchemaNode[] | null {
  return Array.isArray(value) && value.every(isSchemaNode) ? value : null;
}
