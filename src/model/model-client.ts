import type { ModelSettings } from "../core/model-settings.js";
import type { Usage } from "../core/usage.js";

export interface ModelMessage {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

export interface ModelRequest {
  readonly model: string;
  readonly messages: readonly ModelMessage[];
  /** Upper bound of the answer, in tokens; the provider's default when absent. */
  readonly maxOutputTokens?: number;
  readonly temperature?: number;
  /** JSON Schema of an object that the answer must be; only for models whose `capabilities.jsonSchema` says that they keep to it. @default free text */
  readonly responseSchema?: Readonly<Record<string, unknown>>;
  /** Price and further fields of the request body. @default none */
  readonly settings?: ModelSettings;
}

export interface ModelReply {
  readonly text: string;
  /** `length`: cut off by the output-token cap. */
  readonly finishReason: "stop" | "length" | "content_filter" | "other";
  readonly usage: Usage;
  /** The model that answered, as the provider names it. */
  readonly model: string;
}

export interface ModelCallOptions {
  readonly signal?: AbortSignal;
  /** The call key; sent as `Idempotency-Key`. */
  readonly idempotencyKey?: string;
  /** Called for every streamed chunk with the characters received so far. */
  readonly onProgress?: (receivedChars: number) => void;
}

/**
 * One attempt of one model call.
 *
 * Contract: throws `ModelCallError` (see errors.ts) for everything that is not a complete answer: a truncated stream, a malformed body or an
 * empty choice is an error, never an answer. No retries, no sleeps: Temporal owns both. Honours `signal` by closing the connection.
 */
export interface ModelClient {
  complete(request: ModelRequest, options?: ModelCallOptions): Promise<ModelReply>;
  /** `GET /models`, free of charge: ids the server offers, or `null` where it has no such endpoint. */
  listModels(signal?: AbortSignal): Promise<readonly string[] | null>;
}
