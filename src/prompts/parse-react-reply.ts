import { isArrayNode, isObjectNode, parseJsonTree, stringifyJsonTree, type JsonTree } from "../signature/json-tree.js";
import { parseExtractReply } from "./parse-extract-reply.js";

/** A call that a reply of the `react` strategy asks for; `args` is JSON text, integers exact. */
export interface ReactCall {
  readonly tool: string;
  readonly args: string;
}

export type ReactReply =
  | { readonly outputs: string }
  | { readonly calls: readonly ReactCall[] }
  /** What is wrong with the reply, for the model. */
  | { readonly faults: readonly string[] };

/** More calls in one reply are a loop gone wild. */
const MAX_CALLS = 50;

/** What a reply asks for. Never throws. @param tools names of the run's tools */
export function parseReactReply(reply: string, tools: readonly string[]): ReactReply {
  const text = parseExtractReply(reply);
  if (text === null) return { faults: ["there is no JSON object in it"] };
  try {
    return readReply(parseJsonTree(text), tools);
  } catch (error) {
    if (error instanceof RangeError) return { faults: ["it is nested too deep; give flatter values"] };
    throw error;
  }
}

function readReply(reply: JsonTree, tools: readonly string[]): ReactReply {
  const { calls, outputs } = isObjectNode(reply) ? reply : {};
  if (outputs !== undefined && calls === undefined) return { outputs: stringifyJsonTree(outputs) };
  if (calls === undefined || !isArrayNode(calls) || outputs !== undefined) return { faults: ['the JSON object must have exactly one of the keys "calls" (a list) and "outputs" (an object)'] };
  if (calls.length === 0 || calls.length > MAX_CALLS) return { faults: [`"calls" has ${calls.length} items; it must have 1 to ${MAX_CALLS}`] };
  const read = calls.map((call, i) => readCall(call, i, tools));
  const faults = read.flatMap((each) => ("fault" in each ? [each.fault] : []));
  return faults.length > 0 ? { faults } : { calls: read.flatMap((each) => ("fault" in each ? [] : [each])) };
}

function readCall(call: JsonTree, index: number, tools: readonly string[]): ReactCall | { readonly fault: string } {
  const { tool, args = {} } = isObjectNode(call) ? call : {};
  if (typeof tool !== "string" || !tools.includes(tool)) {
    return { fault: `calls[${index}].tool is ${typeof tool === "string" ? JSON.stringify(tool.slice(0, 80)) : "missing"}; the tools are: ${tools.join(", ") || "none"}` };
  }
  return isObjectNode(args) ? { tool, args: stringifyJsonTree(args) } : { fault: `calls[${index}].args must be an object` };
}
