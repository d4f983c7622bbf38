import type { ServerResponse } from "node:http";
import { writeJson, writeStream, type CompletionToWrite } from "./write-answer.js";

/** Writes a whole answer of Chat Completions as one JSON document, or the faulty beginning of one. */
export async function writeJsonCompletion(response: ServerResponse, answer: CompletionToWrite): Promise<void> {
  const { fault, rule } = answer;
  const message = { role: "assistant", content: answer.text };
  const choices = fault?.type === "no_choices" ? [] : [{ index: 0, message, finish_reason: rule.finishReason ?? "stop", logprobs: null }];
  const usage = usageOf(answer);
  return writeJson(response, answer, { ...envelope(answer, "chat.completion"), choices, ...(usage && { usage }) });
}

/** Writes an answer of Chat Completions as server-sent events, or the faulty beginning of one. */
export async function writeStreamedCompletion(response: ServerResponse, answer: CompletionToWrite): Promise<void> {
  const { fault, rule, includeUsage } = answer;
  const chunk = (choices: readonly unknown[], extra: object = {}): string =>
    `data: ${JSON.stringify({ ...envelope(answer, "chat.completion.chunk"), choices, ...extra })}\n\n`;
  const delta = (content: object, finishReason: string | null = null): string => chunk([{ index: 0, delta: content, finish_reason: finishReason, logprobs: null }]);
  const usage = usageOf(answer);
  const stop = fault === null ? delta({}, rule.finishReason ?? "stop") + (includeUsage && usage ? chunk([], { usage }) : "") : "";
  return writeStream(response, answer, {
    beginning: fault?.type === "no_choices" ? chunk([]) : delta({ role: "assistant", content: "" }),
    piece: (content) => delta({ content }),
    broken: 'data: {"choices":[{"delta":{"content":\n\n',
    end: () => stop + (fault === null || fault.type === "no_choices" ? "data: [DONE]\n\n" : ""),
  });
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
