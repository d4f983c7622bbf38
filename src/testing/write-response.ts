import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { cutOf, finish, type CompletionToWrite } from "./write-completion.js";

/** Writes a whole answer of the Responses API as one JSON document, or the faulty beginning of one. */
export async function writeJsonResponse(response: ServerResponse, answer: CompletionToWrite): Promise<void> {
  const { fault } = answer;
  const whole = Buffer.from(JSON.stringify(documentOf(answer)));
  const sent = fault?.type === "malformed" ? Buffer.concat([whole.subarray(0, -1), Buffer.from(",,}")]) : whole.subarray(0, cutOf(fault, answer.text.length, whole.length));
  response.writeHead(200, { "content-type": "application/json", "content-length": fault?.type === "reset" || fault?.type === "hang" ? whole.length : sent.length });
  response.write(sent);
  return finish(response, answer);
}

/** Writes an answer of the Responses API as typed events, or the faulty beginning of one. */
export async function writeStreamedResponse(response: ServerResponse, answer: CompletionToWrite): Promise<void> {
  const { fault, rule, text } = answer;
  let sequence = 0;
  const event = (type: string, fields: object): string => `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: sequence++, ...fields })}\n\n`;
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  if (fault?.type === "empty") return finish(response, answer);
  const document = documentOf(answer);
  let pending = event("response.created", { response: { ...document, status: "in_progress", output: [], usage: null } });
  const until = fault?.type === "malformed" ? text.length >> 1 : fault?.type === "no_choices" ? 0 : cutOf(fault, text.length, text.length);
  const chunkChars = Math.max(1, rule.chunkChars ?? 400);
  for (let at = 0; at < until; at += chunkChars) {
    if (at > 0 && rule.chunkDelayMs !== undefined) {
      response.write(pending);
      pending = "";
      await sleep(rule.chunkDelayMs, undefined, { signal: answer.signal });
    }
    pending += event("response.output_text.delta", { item_id: "msg-1", output_index: 0, content_index: 0, delta: text.slice(at, Math.min(at + chunkChars, until)) });
  }
  if (fault?.type === "malformed") pending += 'data: {"type":"response.output_text.delta","delta":\n\n';
  if (fault === null || fault.type === "no_choices") pending += event(`response.${document.status}`, { response: document });
  response.write(pending);
  return finish(response, answer);
}

interface ResponseDocument {
  readonly status: "completed" | "incomplete";
  readonly [field: string]: unknown;
}

/** Finish reasons of Chat Completions in the words of this API. */
function documentOf({ id, model, createdAtMs, text, promptChars, rule, fault }: CompletionToWrite): ResponseDocument {
  const { finishReason = "stop" } = rule;
  const message = { id: "msg-1", type: "message", role: "assistant", status: "completed", content: [{ type: "output_text", text, annotations: [] }] };
  return {
    id, object: "response", created_at: Math.floor(createdAtMs / 1000), model,
    status: finishReason === "stop" ? "completed" : "incomplete",
    error: null,
    incomplete_details: finishReason === "stop" ? null : { reason: finishReason === "length" ? "max_output_tokens" : finishReason },
    output: fault?.type === "no_choices" ? [] : [{ id: "rs-1", type: "reasoning", summary: [] }, message],
    usage: usageOf(rule.usage, promptChars, text.length),
  };
}

function usageOf(usage: CompletionToWrite["rule"]["usage"], promptChars: number, replyChars: number): object | null {
  if (usage === false) return null;
  const inputTokens = usage?.inputTokens ?? Math.ceil(promptChars / 4);
  const outputTokens = usage?.outputTokens ?? Math.ceil(replyChars / 4);
  return {
    input_tokens: inputTokens, input_tokens_details: { cached_tokens: usage?.cachedTokens ?? 0 },
    output_tokens: outputTokens, output_tokens_details: { reasoning_tokens: 0 }, total_tokens: inputTokens + outputTokens,
  };
}
