import type { SignatureField, TypeSpec } from "../../core/signature.js";
import { checkInputType } from "../../signature/check-input-type.js";
import { InputError } from "../errors.js";

/** How a text becomes the value of an input: as it stands, or as JSON. */
export type TypedText = { readonly kind: "text" } | { readonly kind: "json"; readonly json: string };

/** True where any text is a value of the field as it stands, so that it need not be read into memory to be judged. */
export function takesAnyText(field: SignatureField): boolean {
  const { type } = field;
  if (type.kind === "str" || type.kind === "any") return true;
  return type.kind === "union" && type.options.every(({ kind }) => kind === "str" || kind === "none");
}

/**
 * Reads a text given for a field of another type, where there is one way only to read it.
 * @throws InputError it has no such reading, or two
 */
export function readTypedText(field: SignatureField, text: string): TypedText {
  const { name, type } = field;
  if (takesAnyText(field)) return { kind: "text" };
  if (type.kind === "bytes") throw new InputError(name, `Input \`${name}\` is bytes. Give them as a file: ${name}=@b:FILE.`);
  const json = checkInputType(field, text);
  const asText = checkInputType(field, JSON.stringify(text));
  if (includesText(type)) {
    if (json.ok && asText.ok && !sameJson(json.json, asText.json)) throw new InputError(name, `Input \`${name}\`: "${text.slice(0, 60)}" can be read in two ways. Write ${name}:=… as JSON, with quotes for a text.`);
    if (asText.ok) return { kind: "text" };
  }
  if (json.ok) return { kind: "json", json: json.json };
  if (asText.ok) return { kind: "json", json: asText.json };
  throw new InputError(name, `Input ${(isJson(text) ? json : asText).faults.join("; ")}. Give a value of that type, or JSON with ${name}:=….`);
}

/**
 * Checks JSON text given for a field; the text to bind.
 * @throws InputError
 */
export function readJsonText(field: SignatureField, text: string): string {
  const checked = checkInputType(field, text);
  if (!checked.ok) throw new InputError(field.name, `Input ${checked.faults.join("; ")}.`);
  return checked.json;
}

function includesText(type: TypeSpec): boolean {
  if (type.kind === "union") return type.options.some(includesText);
  return type.kind === "str" || type.kind === "any" || type.kind === "literal";
}

function sameJson(a: string, b: string): boolean {
  return JSON.stringify(JSON.parse(a)) === JSON.stringify(JSON.parse(b));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
