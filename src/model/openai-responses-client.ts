import type OpenAI from "openai";
import type { RawCompletion } from "./completion-reader.js";
import type { ModelCallOptions, ModelClient, ModelRequest } from "./model-client.js";
import { openConnection, type ConnectionOptions } from "./openai-connection.js";
import { placeSystemMessages } from "./place-system-messages.js";
import { ResponseReader } from "./response-reader.js";
import { toReply } from "./to-reply.js";

/** Model client for servers that speak OpenAI's Responses API, streamed. Nothing is kept on the server (`store: false`). See `ModelClient` for the contract. */
export function createOpenAiResponsesClient(options: ConnectionOptions): ModelClient {
  const connection = openConnection(options);
  return {
    complete: (request, callOptions = {}) =>
      connection.attempt(request, callOptions.signal, async (signal, context) => {
        const completion = await receive(connection.openai, toBody(request), signal, callOptions);
        return toReply(completion, request, context);
      }),
    listModels: (signal) => connection.listModels(signal),
  };
}

async function receive(openai: OpenAI, body: OpenAI.Responses.ResponseCreateParams, signal: AbortSignal, call: ModelCallOptions): Promise<RawCompletion> {
  const headers = call.idempotencyKey === undefined ? {} : { "Idempotency-Key": call.idempotencyKey };
  const reader = new ResponseReader();
  if (body.stream !== true) {
    // Read here: the package stumbles over an empty body before we can say what is wrong with it.
    const whole = await openai.responses.create({ ...body, stream: false }, { signal, headers }).asResponse();
    reader.pushDocument(await whole.json());
    call.onProgress?.(reader.receivedChars);
    return reader.finish();
  }
  const { data: stream, response } = await openai.responses.create(body, { signal, headers }).withResponse();
  if (/\bjson\b/.test(response.headers.get("content-type") ?? "")) {
    // A server that cannot stream answers with the whole document.
    reader.pushDocument(await response.json());
  } else {
    for await (const event of stream) {
      reader.pushEvent(event);
      call.onProgress?.(reader.receivedChars);
    }
  }
  return reader.finish();
}

function toBody(request: ModelRequest): OpenAI.Responses.ResponseCreateParams {
  const { settings = {} } = request;
  const maxOutputTokens = request.maxOutputTokens ?? settings.maxOutputTokens;
  const messages = placeSystemMessages(request.messages, settings.capabilities);
  return {
    store: false,
    ...settings.parameters,
    model: settings.model ?? request.model,
    input: messages.map(({ role, content }) => ({ role, content })),
    ...(maxOutputTokens !== undefined && { max_output_tokens: maxOutputTokens }),
    ...(request.temperature !== undefined && { temperature: request.temperature }),
    ...(request.responseSchema !== undefined && { text: { format: { type: "json_schema" as const, name: "reply", schema: request.responseSchema } } }),
    stream: settings.capabilities?.streaming !== false,
  };
}
