import type { SignatureField, TypeSpec } from "../core/signature.js";
import { formatType } from "../signature/format-type.js";

/** The one key of an object reply, for servers that keep a reply to a schema: those want an object at the root. */
export const VALUE_KEY = "value";

/** Said after the prompt of a sub-call with `schema=`. @param wrapped the value is asked for as `{"value": …}` */
export function renderSchemaRequest(type: TypeSpec, wrapped: boolean): string {
  const shape = wrapped ? `{"${VALUE_KEY}": …} where the value is of the type` : "value of the type";
  const notes = describedFields(type).map(({ name, description }) => `- ${name}: ${description ?? ""}`);
  return [
    `Reply with one JSON ${shape} \`${formatType(type)}\` and nothing else: no prose, no code fence. \`?\` marks a key that may be left out. Write JSON, not Python: null, true, false, double quotes, dates as text.`,
    ...notes,
  ].join("\n");
}

/** What the model reads when its reply did not fit. */
export function renderSchemaFaults(faults: readonly string[]): string {
  return `That reply cannot be used:\n${faults.map((fault) => `- ${fault}`).join("\n")}\nReply with the corrected JSON and nothing else.`;
}

function describedFields(type: TypeSpec): readonly SignatureField[] {
  switch (type.kind) {
    case "object":
      return type.fields.flatMap((field) => [...(field.description === undefined ? [] : [field]), ...describedFields(field.type)]);
    case "list":
      return describedFields(type.item);
    case "dict":
      return describedFields(type.value);
    case "tuple":
      return type.items.flatMap(describedFields);
    case "union":
      return type.options.flatMap(describedFields);
    case "str":
    case "int":
    case "float":
    case "bool":
    case "none":
    case "any":
    case "bytes":
    case "date":
    case "datetime":
    case "literal":
      return [];
  }
}
