import OpenAI from "openai";
import { DeadlineExceededError, withDeadline } from "./call-deadline.js";
import { describeFailure } from "./error-message.js";
import { ModelCallError } from "./errors.js";
import { createHttpFetch } from "./http-fetch.js";
import { parseModelList } from "./model-list.js";
import type { ModelRequest } from "./model-client.js";
import { toModelCallError, type CallContext } from "./to-model-call-error.js";

export interface ConnectionOptions {
  /** Root of the API, e.g. `https://api.openai.com/v1`. Any OpenAI-compatible server. */
  readonly baseURL: string;
  /** `null`: no `Authorization` header is sent (local servers). */
  readonly apiKey: string | null;
  /** The variable that holds the key, for messages. @default OPENAI_API_KEY */
  readonly apiKeyEnv?: string;
  /** From the start of a call to the end of its answer; a model's own `callTimeoutMs` wins. @default 600_000 (that of the openai package) */
  readonly perCallTimeoutMs?: number;
  /** OpenAI's organization and project headers. @default none */
  readonly organization?: string;
  readonly project?: string;
  /** The transport. @default node:http(s) without time limits of its own */
  readonly fetch?: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
}

/** A server, for the adapters of its wires: single attempts under a deadline, with their failures translated. */
export interface OpenAiConnection {
  readonly openai: OpenAI;
  readonly host: string;
  attempt<T>(request: ModelRequest, signal: AbortSignal | undefined, work: (signal: AbortSignal, context: CallContext) => Promise<T>): Promise<T>;
  listModels(signal?: AbortSignal): Promise<readonly string[] | null>;
}

const LIST_TIMEOUT_MS = 15_000;

export function openConnection(options: ConnectionOptions): OpenAiConnection {
  const { apiKey, apiKeyEnv = "OPENAI_API_KEY", perCallTimeoutMs = 600_000 } = options;
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
    // Deadlines are kept here, also by models that take longer.
    timeout: 2 ** 31 - 1,
    // It logs bodies it cannot parse.
    logLevel: "off",
    fetch: options.fetch ?? createHttpFetch(),
    defaultHeaders: apiKey === null ? { Authorization: null } : {},
  });
  return {
    openai,
    host,
    attempt: (request, signal, work) => {
      const { settings } = request;
      const context: CallContext = { host, model: settings?.model ?? request.model, apiKey, apiKeyEnv, prompts: request.messages.map((message) => message.content) };
      return guard(context, signal, settings?.callTimeoutMs ?? perCallTimeoutMs, (inner) => work(inner, context));
    },
    listModels: (signal) => {
      const context: CallContext = { host, model: null, apiKey, apiKeyEnv, prompts: [] };
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
