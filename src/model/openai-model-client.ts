import OpenAI from "openai";
import { NO_USAGE } from "../core/usage.js";
import { DeadlineExceededError, withDeadline } from "./call-deadline.js";
import { CompletionReader, type RawCompletion } from "./completion-reader.js";
import { describeFailure } from "./error-message.js";
import { ModelCallError } from "./errors.js";
import { createHttpFetch } from "./http-fetch.js";
import { parseModelList } from "./model-list.js";
import type { ModelCallOptions, ModelClient, ModelReply, ModelRequest } from "./model-client.js";
import { computeCostUsd } from "./prices.js";
import { toModelCallError, type CallContext } from "./to-model-call-error.js";

export interface OpenAiModelClientOptions {
  /** Root of the API, e.g. `https://api.openai.com/v1`. Any OpenAI-compatible server. */
  readonly baseURL: string;
  /** `null`: no `Authorization` header is sent (local servers). */
  readonly apiKey: string | null;
  /** From the start of a call to the end of its answer. @default 600_000 (that of the openai package) */
  readonly perCallTimeoutMs?: number;
  /** The name of the cap on output tokens: OpenAI's new models refuse `max_tokens`, other servers may know only that. @default by host */
  readonly outputCapField?: "max_tokens" | "max_completion_tokens";
  /** OpenAI's organization and project headers. @default none */
  readonly organization?: string;
  readonly project?: string;
  /** The transport. @default node:http(s) without time limits of its own */
  readonly fetch?: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
}

const LIST_TIMEOUT_MS = 15_000;

/**
 * Model client for any server that speaks OpenAI's Chat Completions, streamed.
 *
 * One attempt a call; see `ModelClient` for the contract. An aborted call rejects with the reason of its signal. A reply whose text was cut by
 * a content filter is given as such; one with no text left is an error. Without usage from the server, tokens are 0 and the cost is `null`.
 */
export function createOpenAiModelClient(options: OpenAiModelClientOptions): ModelClient {
  const { apiKey, perCallTimeoutMs = 600_000 } = options;
  const host = new URL(options.baseURL).host;
  const openai = new OpenAI({
    baseURL: options.baseURL,
    apiKey: apiKey ?? "none",
    // Given explicitly: the package would read the environment for what is missing.
    adminAPIKey: null,
    webhookSecret: null,
    organization: options.organization ?? null,
    project: options.project ?? null,
    maxRetries: 0,
    timeout: perCallTimeoutMs,
    // It logs bodies it cannot parse.
    logLevel: "off",
    fetch: options.fetch ?? createHttpFetch(),
    defaultHeaders: apiKey === null ? { Authorization: null } : {},
  });
  const outputCapField = options.outputCapField ?? (/(^|\.)(openai\.com|azure\.com)(:\d+)?$/.test(host) ? "max_completion_tokens" : "max_tokens");

  return {
    complete: (request, callOptions = {}) => {
      const context: CallContext = { host, model: request.model, apiKey, prompts: request.messages.map((message) => message.content) };
      return guard(context, callOptions.signal, perCallTimeoutMs, async (signal) => {
        const body = toBody(request, outputCapField);
        const completion = await receive(openai, body, signal, callOptions);
        return toReply(completion, request, context);
      });
    },
    listModels: (signal) => {
      const context: CallContext = { host, model: null, apiKey, prompts: [] };
      return guard(context, signal, Math.min(LIST_TIMEOUT_MS, perCallTimeoutMs), async (innerSignal) => {
        try {
          return parseModelList(await openai.get("/models", { signal: innerSignal }));
        } catch (error) {
          if (error instanceof OpenAI.APIError && [404, 405, 501].includes(Number(error.status))) return null;
          throw error;
        }
      });
    },
  };
}

async function receive(openai: OpenAI, body: OpenAI.ChatCompletionCreateParamsStreaming, signal: AbortSignal, call: ModelCallOptions): Promise<RawCompletion> {
  const headers = call.idempotencyKey === undefined ? {} : { "Idempotency-Key": call.idempotencyKey };
  const { data: stream, response } = await openai.chat.completions.create(body, { signal, headers }).withResponse();
  const reader = new CompletionReader();
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

function toBody(request: ModelRequest, outputCapField: "max_tokens" | "max_completion_tokens"): OpenAI.ChatCompletionCreateParamsStreaming {
  return {
    ...request.settings?.parameters,
    model: request.model,
    messages: request.messages.map(({ role, content }) => ({ role, content })),
    ...(request.maxOutputTokens !== undefined && { [outputCapField]: request.maxOutputTokens }),
    ...(request.temperature !== undefined && { temperature: request.temperature }),
    stream: true,
    stream_options: { include_usage: true },
  };
}

function toReply(completion: RawCompletion, request: ModelRequest, context: CallContext): ModelReply {
  const { text, finishReason, tokens } = completion;
  if (finishReason === "content_filter" && text === "") {
    throw new ModelCallError(describeFailure({ ...context, kind: "content_filter", what: "its answer was filtered away" }), "rejected", "content_filter");
  }
  const model = completion.model ?? request.model;
  const usage = tokens === null ? { ...NO_USAGE, costUsd: null } : { ...tokens, costUsd: computeCostUsd(request.settings?.price, tokens) };
  return { text, finishReason, usage, model };
}

/** Runs one attempt under its deadline and translates what it throws; the caller's own abort stays what it is. */
async function guard<T>(context: CallContext, signal: AbortSignal | undefined, timeoutMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  try {
    return await withDeadline(signal, timeoutMs, work);
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (error instanceof DeadlineExceededError) {
      throw new ModelCallError(describeFailure({ ...context, kind: "timeout", what: error.message }), "retryable", "timeout");
    }
    throw toModelCallError(error, context);
  }
}
