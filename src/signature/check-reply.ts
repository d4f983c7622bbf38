import type { TypeSpec } from "../core/signature.js";
import { checkValue } from "./check-value.js";
import { FaultList } from "./fault-list.js";
import { isObjectNode, parseJsonTree, stringifyJsonTree, type JsonTree } from "./json-tree.js";
import { CheckTimeoutError, withinTime } from "../text/within-time.js";

export type ReplyCheck = { readonly ok: true; /** Integers exact. */ readonly json: string } | { readonly ok: false; readonly faults: readonly string[] };

/**
 * Checks a JSON reply against the type it was asked for, as leniently as `SUBMIT` is checked. A value under the one key `wrappedIn` counts as the value itself
 * where the object does not fit. Never throws.
 */
export function checkReply(type: TypeSpec, jsonText: string, wrappedIn: string): ReplyCheck {
  try {
    return withinTime(jsonText, () => {
      const tree = parseJsonTree(jsonText);
      const inner = isObjectNode(tree) && Object.keys(tree).length === 1 ? tree[wrappedIn] : undefined;
      const outer = checkTree(type, tree);
      return outer.ok || inner === undefined ? outer : checkTree(type, inner);
    });
  } catch (error) {
    if (error instanceof RangeError) return { ok: false, faults: ["reply: nested too deep; give a flatter value"] };
    if (error instanceof CheckTimeoutError) return { ok: false, faults: ["reply: took too long to check against the patterns of the schema; give simpler texts"] };
    if (error instanceof SyntaxError) return { ok: false, faults: [`reply: not valid JSON (${error.message})`] };
    throw error;
  }
}

function checkTree(type: TypeSpec, tree: JsonTree): ReplyCheck {
  const faults = new FaultList();
  const checked = checkValue(type, tree, "reply", { leniency: "coerce", faults });
  return faults.isEmpty ? { ok: true, json: stringifyJsonTree(checked) } : { ok: false, faults: faults.toArray() };
}
