import type OpenAI from "openai";
import { CompletionReader, type RawCompletion } from "./completion-reader.js";
import type { ModelCallOptions, ModelClient, ModelRequest } from "./model-client.js";
import { openConnection, type ConnectionOptions } from "./openai-connection.js";
import { placeSystemMessages } from "./place-system-messages.js";
import { toReply } from "./to-reply.js";

export interface OpenAiModelClientOptions extends ConnectionOptions {
  /** The name of the cap on output tokens: OpenAI's new models refuse `max_tokens`, other servers may know only that. @default by host */
  readonly outputCapField?: "max_tokens" | "max_completion_tokens";
}

/**
 * Model client for any server that speaks OpenAI's Chat Completions, streamed.
 *
 * One attempt a call; see `ModelClient` for the contract. An aborted call rejects with the reason of its signal. A reply whose text was cut by
 * a content filter is given as such; one with no text left is an error. Without usage from the server, tokens are 0 and the cost is `null`.
 */
export function createOpenAiModelClient(options: OpenAiModelClientOptions): ModelClient {
  const connection = openConnection(options);
  const outputCapField = options.outputCapField ?? (/(^|\.)(openai\.com|azure\.com)(:\d+)?$/.test(connection.host) ? "max_completion_tokens" : "max_tokens");
  return {
    complete: (request, callOptions = {}) =>
      connection.attempt(request, callOptions.signal, async (signal, context) => {
        const completion = await receive(connection.openai, toBody(request, outputCapField), signal, callOptions);
        return toReply(completion, request, context);
      }),
    listModels: (signal) => connection.listModels(signal),
  };
}

async function receive(openai: OpenAI, body: OpenAI.ChatCompletionCreateParams, signal: AbortSignal, call: ModelCallOptions): Promise<RawCompletion> {
  const headers = call.idempotencyKey === undefined ? {} : { "Idempotency-Key": call.idempotencyKey };
  const reader = new CompletionReader();
  if (body.stream !== true) {
    reader.push(await openai.chat.completions.create({ ...body, stream: false }, { signal, headers }));
    call.onProgress?.(reader.receivedChars);
    return reader.finish();
  }
  const { data: stream, response } = await openai.chat.completions.create(body, { signal, headers }).withResponse();
  if (/\bjson\b/.test(response.headers.get("content-type") ?? "")) {
    // A server that cannot stream answers with the whole document.
    reader.push(await response.json());
  } else {
    for await (const chunk of stream) {
      reader.push(chunk);
      call.onProgress?.(reader.receivedChars);
    }
  }
  return reader.finish();
}

function toBody(request: ModelRequest, outputCapField: "max_tokens" | "max_completion_tokens"): OpenAI.ChatCompletionCreateParams {
  const { settings = {} } = request;
  const maxOutputTokens = request.maxOutputTokens ?? settings.maxOutputTokens;
  const body = {
    ...settings.parameters,
    model: settings.model ?? request.model,
    messages: placeSystemMessages(request.messages, settings.capabilities).map(({ role, content }) => ({ role, content })),
    ...(maxOutputTokens !== undefined && { [outputCapField]: maxOutputTokens }),
    ...(request.temperature !== undefined && { temperature: request.temperature }),
    ...(request.responseSchema !== undefined && { response_format: { type: "json_schema" as const, json_schema: { name: "reply", schema: request.responseSchema } } }),
  };
  return settings.capabilities?.streaming === false ? { ...body, stream: false } : { ...body, stream: true, stream_options: { include_usage: true } };
}
