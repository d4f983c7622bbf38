import { NO_USAGE } from "../core/usage.js";
import type { ModelCallOptions, ModelClient, ModelReply, ModelRequest } from "../model/model-client.js";

/** What a handler is told besides the request. */
export interface MemoryCall {
  /** 1, 2, … in order of arrival. */
  readonly call: number;
  /** Number of assistant messages plus one. */
  readonly turn: number;
  readonly options: ModelCallOptions;
}

/** Answers a request with a text, or with parts of a reply. Throw a `ModelCallError` to fail it. */
export type MemoryModelHandler = (request: ModelRequest, call: MemoryCall) => string | Partial<ModelReply> | Promise<string | Partial<ModelReply>>;

export interface MemoryModelClient extends ModelClient {
  /** Every request, in order of arrival. */
  readonly calls: readonly { readonly request: ModelRequest; readonly options: ModelCallOptions }[];
}

/** A `ModelClient` without a network: the handler answers, the calls are recorded. `models`: what `listModels` gives. @default null */
export function createMemoryModelClient(handler: MemoryModelHandler, { models = null }: { readonly models?: readonly string[] | null } = {}): MemoryModelClient {
  const calls: { request: ModelRequest; options: ModelCallOptions }[] = [];
  return {
    calls,
    complete: async (request, options = {}) => {
      options.signal?.throwIfAborted();
      calls.push({ request, options });
      const turn = request.messages.filter((message) => message.role === "assistant").length + 1;
      const answered = await untilAborted(Promise.resolve(handler(request, { call: calls.length, turn, options })), options.signal);
      const part = typeof answered === "string" ? { text: answered } : answered;
      const reply: ModelReply = { text: "", finishReason: "stop", usage: NO_USAGE, model: request.model, ...part };
      options.onProgress?.(reply.text.length);
      return reply;
    },
    listModels: async (signal) => {
      signal?.throwIfAborted();
      return models;
    },
  };
}

/** Rejects with the signal's reason as soon as it is aborted, as a closed connection would. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise<T>((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    signal.addEventListener("abort", onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
