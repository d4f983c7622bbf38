import { parse } from "lossless-json";
import { ToolArgumentsError, ToolResultError } from "./errors.js";
import type { Tool, ToolContext } from "./tool.js";
import { toolResultJson } from "./tool-result.js";

/** How one try of a tool ended. `raised` and `timeout` may be tried again; the others would end the same way. */
export type ToolEnd = { readonly json: string } | { readonly error: { readonly kind: "arguments" | "raised" | "timeout" | "result" | "too_large"; readonly message: string } };

/** The longest message of a tool that the model is shown. */
const MAX_MESSAGE_CHARS = 4000;

/** One try of a tool. Throws only when `context.signal` is aborted: the try does not count then. @param argsJson JSON text of an object */
export async function runTool(tool: Tool, argsJson: string, context: ToolContext): Promise<ToolEnd> {
  const { name, timeoutMs, maxResultBytes } = tool;
  const limit = new AbortController();
  const signal = AbortSignal.any([context.signal, limit.signal]);
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
    timer = setTimeout(() => limit.abort(new TimeOver()), timeoutMs);
  });
  over.catch(() => undefined);
  try {
    context.signal.throwIfAborted();
    const args = await Promise.race([tool.parse(parse(argsJson, null, exactNumber) as Record<string, unknown>), over]);
    const value = await Promise.race([(async () => tool.run(args as never, { ...context, signal }))(), over]);
    return { json: toolResultJson(name, value, maxResultBytes) };
  } catch (error) {
    if (context.signal.aborted) throw context.signal.reason;
    if (error instanceof ToolArgumentsError) return { error: { kind: "arguments", message: clip(error.message) } };
    if (error instanceof ToolResultError) return { error: { kind: error.kind, message: clip(error.message) } };
    if (error instanceof TimeOver) return { error: { kind: "timeout", message: `${name} did not return within ${seconds(timeoutMs)}. Ask it for less, or go on without it.` } };
    return { error: { kind: "raised", message: clip(`${name} failed: ${describe(error)}`) } };
  } finally {
    clearTimeout(timer);
  }
}

class TimeOver extends Error {}

/** Integers beyond 2^53 are bigints: no digit is lost. */
function exactNumber(text: string): number | bigint {
  const value = Number(text);
  return /^-?\d+$/.test(text) && !Number.isSafeInteger(value) ? BigInt(text) : value;
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.name === "Error" ? error.message : `${error.name}: ${error.message}`;
}

function clip(text: string): string {
  return text.length <= MAX_MESSAGE_CHARS ? text : `${text.slice(0, MAX_MESSAGE_CHARS)} [… ${text.length - MAX_MESSAGE_CHARS} characters left out]`;
}

function seconds(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${ms / 1000} s`;
}
