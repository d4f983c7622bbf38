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
  const chunk = (choices: readonly unknown[], extra: object = {}): string =>
    `data: ${JSON.stringify({ ...envelope(answer, "chat.completion.chunk"), choices, ...extra })}\n\n`;
  const delta = (content: object, finishReason: string | null = null): string => chunk([{ index: 0, delta: content, finish_reason: finishReason, logprobs: null }]);

  if (fault?.type === "empty") return finish(response, answer);
  // Written together where the script wants no pauses: one packet instead of six.
  let pending = fault?.type === "no_choices" ? chunk([]) : delta({ role: "assistant", content: "" });
  const until = fault?.type === "malformed" ? text.length >> 1 : fault?.type === "no_choices" ? 0 : cutOf(fault, text.length, text.length);
  const chunkChars = Math.max(1, rule.chunkChars ?? 400);
  for (let at = 0; at < until; at += chunkChars) {
    if (at > 0 && rule.chunkDelayMs !== undefined) {
      response.write(pending);
      pending = "";
      await sleep(rule.chunkDelayMs, undefined, { signal: answer.signal });
    }
    pending += delta({ content: text.slice(at, Math.min(at + chunkChars, until)) });
  }
  if (fault?.type === "malformed") pending += 'data: {"choices":[{"delta":{"content":\n\n';
  const usage = usageOf(answer);
  if (fault === null) pending += delta({}, rule.finishReason ?? "stop") + (answer.includeUsage && usage ? chunk([], { usage }) : "");
  if (fault === null || fault.type === "no_choices") pending += "data: [DONE]\n\n";
  response.write(pending);
  return finish(response, answer);
}

/** Never resolves; rejects when the client goes away. Does not keep the process alive. */
export async function hangUntilGone(signal: AbortSignal): Promise<void> {
  await sleep(2 ** 31 - 1, undefined, { signal, ref: false });
}

/** Ends the exchange the way the fault says. */
export async function finish(response: ServerResponse, { fault, signal }: CompletionToWrite): Promise<void> {
  if (fault?.type === "hang") await hangUntilGone(signal);
  if (fault?.type === "reset") {
    // What was written so far must leave before the connection is cut, else the client sees a reset without a beginning.
    await new Promise<void>((resolve) => response.write(" ", () => resolve()));
    response.socket?.destroy();
    return;
  }
  response.end();
}

/** How much of `length` is written before a fault that cuts. */
export function cutOf(fault: ScriptedFault | null, chars: number, length: number): number {
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
