import type { ServerResponse } from "node:http";
import { writeJson, writeStream, type CompletionToWrite } from "./write-answer.js";

/** Writes a whole answer of the Responses API as one JSON document, or the faulty beginning of one. */
export function writeJsonResponse(response: ServerResponse, answer: CompletionToWrite): Promise<void> {
  return writeJson(response, answer, documentOf(answer));
}

/** Writes an answer of the Responses API as typed events, or the faulty beginning of one. */
export async function writeStreamedResponse(response: ServerResponse, answer: CompletionToWrite): Promise<void> {
  const { fault } = answer;
  const document = documentOf(answer);
  let sequence = 0;
  const event = (type: string, fields: object): string => `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: sequence++, ...fields })}\n\n`;
  return writeStream(response, answer, {
    beginning: event("response.created", { response: { ...document, status: "in_progress", output: [], usage: null } }),
    piece: (delta) => event("response.output_text.delta", { item_id: "msg-1", output_index: 0, content_index: 0, delta }),
    broken: 'data: {"type":"response.output_text.delta","delta":\n\n',
    end: () => fault === null || fault.type === "no_choices" ? event(`response.${document.status}`, { response: document }) : "",
  });
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
