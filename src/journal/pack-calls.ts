import { CALL_KINDS } from "../core/call-counts.js";
import type { HostCall } from "../core/cell.js";
import { callKey, hashCallRequest, type CallPosition } from "./call-key.js";
import type { PackCall } from "./pack.js";

/**
 * Entries and bodies of a suspension's calls, sorted by kind: the workflow then dispatches each kind as one range of indices. Keys are made from the
 * place in program order, which a replay has as well.
 */
export function packCalls(requested: readonly HostCall[], position: Omit<CallPosition, "index">): { readonly calls: readonly PackCall[]; readonly bodies: readonly Uint8Array[] } {
  const inOrder = CALL_KINDS.flatMap((kind) => [...requested.entries()].filter(([, call]) => call.kind === kind));
  const bodies = inOrder.map(([, call]) => Buffer.from(bodyOf(call), "utf8"));
  let at = 0;
  const calls = inOrder.map(([slot, call], index): PackCall => {
    const bytes = bodies[index]?.byteLength ?? 0;
    const key = callKey({ ...position, index: slot }, hashCallRequest(call));
    const entry = { kind: call.kind, key, slot, name: nameOf(call), ...(call.kind === "llm" && call.schema !== undefined && { schema: call.schema }), at, bytes };
    at += bytes;
    return entry;
  });
  return { calls, bodies };
}

function nameOf(call: HostCall): string | null {
  return call.kind === "llm" ? call.model : call.kind === "tool" ? call.tool : null;
}

function bodyOf(call: HostCall): string {
  if (call.kind === "llm") return call.prompt;
  return call.kind === "tool" ? call.args : JSON.stringify(call);
}
