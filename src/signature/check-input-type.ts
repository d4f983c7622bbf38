import type { SignatureField } from "../core/signature.js";
import { checkValue } from "./check-value.js";
import { FaultList } from "./fault-list.js";
import { parseJsonTree, stringifyJsonTree } from "./json-tree.js";

export type InputTypeCheck = { readonly ok: true; /** JSON text to bind: the one given, or the coerced value's. */ readonly json: string } | { readonly ok: false; readonly faults: string[] };

/**
 * Checks one input given as JSON text (`name:=JSON`) against its field, with the coercions of `checkOutputs`.
 *
 * A field of type `str` takes any JSON: it is also the type of a field written without one, and an input keeps its own type in the sandbox
 * (a folder of files is a dict whatever the field says). `null` stands for an optional field that is left out. Never throws.
 */
export function checkInputType(field: SignatureField, jsonText: string): InputTypeCheck {
  const faults = new FaultList();
  try {
    const tree = parseJsonTree(jsonText);
    const lenient = field.type.kind === "str" || (tree === null && field.optional === true);
    const given = stringifyJsonTree(tree);
    const checked = stringifyJsonTree(checkValue(lenient ? { kind: "any" } : field.type, tree, field.name, { leniency: "coerce", faults }));
    return faults.isEmpty ? { ok: true, json: checked === given ? jsonText : checked } : { ok: false, faults: faults.toArray() };
  } catch (error) {
    if (error instanceof RangeError) return { ok: false, faults: [`${field.name}: nested too deep; give a flatter value`] };
    if (error instanceof SyntaxError) return { ok: false, faults: [`${field.name}: not valid JSON (${error.message}); quote texts, as in ${field.name}:='"text"', or use ${field.name}=text`] };
    throw error;
  }
}
