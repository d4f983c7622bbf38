import type { SignatureField, TypeSpec } from "../core/signature.js";
import type { JsonTree } from "./json-tree.js";
import type { ValueCheck } from "./value-check.js";

type ValueChecker = (type: TypeSpec, value: JsonTree, path: string, check: ValueCheck) => JsonTree;

/** Checks an object field by field, in the order of the fields: missing, unknown and ill-typed ones are all added to `check.faults`. */
export function checkFields(
  fields: readonly SignatureField[],
  value: { readonly [key: string]: JsonTree },
  pathOf: (name: string) => string,
  check: ValueCheck,
  checkValue: ValueChecker,
): { readonly [key: string]: JsonTree } {
  const checked: [string, JsonTree][] = [];
  for (const field of fields) {
    const given = Object.hasOwn(value, field.name) ? value[field.name] : undefined;
    if (given === undefined || isLeftOut(field, given)) {
      if (field.optional !== true) check.faults.addMissing(pathOf(field.name), field.type);
    } else {
      checked.push([field.name, checkValue(field.type, given, pathOf(field.name), check)]);
    }
  }
  const known = new Set(fields.map((field) => field.name));
  for (const name of Object.keys(value)) {
    if (!known.has(name)) check.faults.add(pathOf(name), `is not a declared name; declared: ${fields.map((field) => field.name).join(", ") || "none"}`);
  }
  return Object.fromEntries(checked);
}

/** In Python an optional parameter is left out by passing `None`. */
function isLeftOut(field: SignatureField, given: JsonTree): boolean {
  return field.optional === true && given === null && !acceptsNone(field.type);
}

function acceptsNone(type: TypeSpec): boolean {
  if (type.kind === "union") return type.options.some(acceptsNone);
  return type.kind === "none" || type.kind === "any" || (type.kind === "literal" && type.values.includes(null));
}
