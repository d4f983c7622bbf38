import type { SignatureField, TypeSpec } from "../core/signature.js";
import { describeTypeRules } from "../signature/check-rules.js";
import { formatType } from "../signature/format-type.js";

const TYPE_NOTES: Partial<Record<TypeSpec["kind"], string>> = {
  date: "a date, or text like '2025-01-31'",
  datetime: "a datetime, or text like '2025-01-31T12:00:00+00:00'",
  bytes: "Base64 text",
  any: "any JSON value",
};

/** One line a field: name, type, what is special about it, description; the keys of objects below, indented. */
export function renderOutputFields(fields: readonly SignatureField[], indent = ""): string {
  return fields.map((field) => [renderField(field, indent), ...renderKeys(field.type, `${indent}  `)].join("\n")).join("\n");
}

/** The call that hands the outputs in, every field by name. */
export function renderSubmitCall(outputs: readonly SignatureField[]): string {
  return `SUBMIT(${outputs.map((field) => `${field.name}=…`).join(", ")})`;
}

function renderField({ name, type, description, optional }: SignatureField, indent: string): string {
  const notes = [optional === true ? "may be None" : null, TYPE_NOTES[type.kind] ?? null, describeTypeRules(type), description?.trim() ?? null].filter((note) => note !== null && note !== "");
  return `${indent}- \`${name}\` (${formatType(type)})${notes.length === 0 ? "" : `: ${notes.join("; ")}`}`;
}

/** Keys are listed once more only where they carry descriptions or rules; their types are in the type already. */
function renderKeys(type: TypeSpec, indent: string): string[] {
  if (type.kind === "object" && type.fields.some((field) => field.description !== undefined || describeTypeRules(field.type) !== "")) return [renderOutputFields(type.fields, indent)];
  return innerTypes(type).flatMap((inner) => renderKeys(inner, indent));
}

function innerTypes(type: TypeSpec): readonly TypeSpec[] {
  if (type.kind === "object") return type.fields.map((field) => field.type);
  if (type.kind === "list") return [type.item];
  if (type.kind === "dict") return [type.value];
  if (type.kind === "tuple") return type.items;
  return type.kind === "union" ? type.options : [];
}
