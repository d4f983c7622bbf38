import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { ScriptedFault, ScriptedRule } from "./scripted-rule.js";

export interface CompletionToWrite {
  readonly id: string;
  readonly model: string;
  readonly createdAtMs: number;
  readonly text: string;
  readonly promptChars: number;
  readonly includeUsage: boolean;
  readonly rule: ScriptedRule;
  readonly fault: ScriptedFault | null;
  readonly signal: AbortSignal;
}

/** Writes a whole answer as one JSON document, or the faulty beginning of one. */
export async function writeJsonCompletion(response: ServerResponse, answer: CompletionToWrite): Promise<void> {
  const { fault, rule } = answer;
  const message = { role: "assistant", content: answer.text };
  const choices = fault?.type === "no_choices" ? [] : [{ index: 0, message, finish_reason: rule.finishReason ?? "stop", logprobs: null }];
  const usage = usageOf(answer);
  const whole = Buffer.from(JSON.stringify({ ...envelope(answer, "chat.completion"), choices, ...(usage && { usage }) }));
  const cut = cutOf(fault, answer.text.length, whole.length);
  const sent = fault?.type === "malformed" ? Buffer.concat([whole.subarray(0, -1), Buffer.from(",,}")]) : whole.subarray(0, cut);
  response.writeHead(200, { "content-type": "application/json", "content-length": fault?.type === "reset" || fault?.type === "hang" ? whole.length : sent.length });
  response.write(sent);
  return finish(response, answer);
}

/** Writes an answer as server-sent events, or the faulty beginning of one. */
export async function writeStreamedCompletion(response: ServerResponse, answer: CompletionToWrite): Promise<void> {
  const { fault, rule, text } = answer;
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  const send = (choices: readonly unknown[], extra: object = {}): boolean =>
    response.write(`data: ${JSON.stringify({ ...envelope(answer, "chat.completion.chunk"), choices, ...extra })}\n\n`);
  const sendDelta = (delta: object, finishReason: string | null = null): boolean => send([{ index: 0, delta, finish_reason: finishReason, logprobs: null }]);

  // One packet instead of six where the script wants no pauses.
  if (rule.chunkDelayMs === undefined) response.cork();
  if (fault?.type === "empty") return finish(response, answer);
  if (fault?.type === "no_choices") send([]);
  else sendDelta({ role: "assistant", content: "" });
  const until = fault?.type === "malformed" ? text.length >> 1 : fault?.type === "no_choices" ? 0 : cutOf(fault, text.length, text.length);
  const chunkChars = Math.max(1, rule.chunkChars ?? 400);
  for (let at = 0; at < until; at += chunkChars) {
    if (at > 0 && rule.chunkDelayMs !== undefined) await sleep(rule.chunkDelayMs, undefined, { signal: answer.signal });
    sendDelta({ content: text.slice(at, Math.min(at + chunkChars, until)) });
  }
  if (fault?.type === "malformed") response.write('data: {"choices":[{"delta":{"content":\n\n');
  if (fault === null) sendDelta({}, rule.finishReason ?? "stop");
  const usage = usageOf(answer);
  if (fault === null && answer.includeUsage && usage) send([], { usage });
  if (fault === null || fault.type === "no_choices") response.write("data: [DONE]\n\n");
  return finish(response, answer);
}

/** Ends the exchange the way the fault says. */
async function finish(response: ServerResponse, { fault, signal }: CompletionToWrite): Promise<void> {
  if (fault?.type === "hang") {
    response.uncork();
    await sleep(2 ** 31 - 1, undefined, { signal, ref: false });
  }
  if (fault?.type === "reset") {
    // What was written so far must leave before the connection is cut, else the client sees a reset without a beginning.
    response.uncork();
    await new Promise<void>((resolve) => response.write(" ", () => resolve()));
    response.socket?.destroy();
    return;
  }
  response.end();
}

/** How much of `length` is written before a fault that cuts. */
function cutOf(fault: ScriptedFault | null, chars: number, length: number): number {
  if (fault?.type === "empty") return 0;
  if (fault?.type === "truncate") return Math.min(length, fault.afterChars ?? Math.floor(length / 2));
  if (fault?.type === "reset" || fault?.type === "hang") return Math.min(length, fault.afterChars ?? chars >> 1);
  return length;
}

function envelope(answer: CompletionToWrite, object: string): object {
  return { id: answer.id, object, created: Math.floor(answer.createdAtMs / 1000), model: answer.model };
}

function usageOf({ rule, text, promptChars }: CompletionToWrite): object | null {
  if (rule.usage === false) return null;
  const promptTokens = rule.usage?.inputTokens ?? Math.ceil(promptChars / 4);
  const completionTokens = rule.usage?.outputTokens ?? Math.ceil(text.length / 4);
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    prompt_tokens_details: { cached_tokens: rule.usage?.cachedTokens ?? 0 },
  };
}
