import type { Signature } from "../core/signature.js";
import { checkFields } from "./check-fields.js";
import { checkValue } from "./check-value.js";
import { pythonTypeOf, shortenValue } from "./describe-value.js";
import { FaultList } from "./fault-list.js";
import { isObjectNode, parseJsonTree, stringifyJsonTree, toPlainValue, type JsonTree } from "./json-tree.js";
import { CheckTimeoutError, withinTime } from "../text/within-time.js";

export type OutputCheck =
  | {
    readonly ok: true;
    /** By field; integers beyond 2^53 are `bigint`. */
    readonly value: Record<string, unknown>;
    /** The same as JSON text, every integer exact. */
    readonly json: string;
  }
  | {
    readonly ok: false;
    /** One line each, all at once: `path: expected type, got value (its type)`. */
    readonly faults: string[];
  };

/**
 * Checks what `SUBMIT` (or the extract call) gave against the output types. Coerced is only what can mean one thing: numeric texts to int and float, whole floats
 * to int, ints to float, numbers to str, "true"/"false" to bool, JSON texts to list and dict, literals in another case. Never throws.
 *
 * @param jsonText An object with one key per output field; `NaN` and `Infinity` are read, and refused by name.
 */
export function checkOutputs(signature: Signature, jsonText: string): OutputCheck {
  try {
    return withinTime(jsonText, () => checkTree(signature, parseJsonTree(jsonText)));
  } catch (error) {
    if (error instanceof RangeError) return { ok: false, faults: ["outputs: nested too deep; submit a flatter value"] };
    if (error instanceof CheckTimeoutError) return { ok: false, faults: ["outputs: took too long to check against the patterns of the schema; submit simpler texts"] };
    if (error instanceof SyntaxError) return { ok: false, faults: [`outputs: not valid JSON (${error.message})`] };
    throw error;
  }
}

function checkTree(signature: Signature, tree: JsonTree): OutputCheck {
  if (!isObjectNode(tree)) {
    const names = signature.outputs.map((field) => field.name).join(", ");
    return { ok: false, faults: [`outputs: expected one object with the keys ${names}, got ${shortenValue(tree)} (${pythonTypeOf(tree)})`] };
  }
  const faults = new FaultList();
  const checked = checkFields(signature.outputs, tree, (name) => name, { leniency: "coerce", faults }, checkValue);
  if (!faults.isEmpty) return { ok: false, faults: faults.toArray() };
  const value = Object.fromEntries(Object.entries(checked).map(([name, item]) => [name, toPlainValue(item)]));
  return { ok: true, value, json: stringifyJsonTree(checked) };
}
