import type { Usage } from "../core/usage.js";
import type { ModelReply } from "./model-client.js";
import { MalformedReplyError } from "./to-model-call-error.js";

type JsonRecord = Readonly<Record<string, unknown>>;

/** A whole answer, before its price is known. */
export interface RawCompletion {
  readonly text: string;
  readonly finishReason: ModelReply["finishReason"];
  /** `null` when the server did not report any. */
  readonly tokens: Omit<Usage, "costUsd"> | null;
  /** As the server names it; `null` when it does not. */
  readonly model: string | null;
}

/** Puts an answer together from the chunks of a stream, or from one whole document. Nothing in them is trusted to have the right shape. */
export class CompletionReader {
  readonly #parts: string[] = [];
  readonly #refusal: string[] = [];
  #finishReason: string | null = null;
  #tokens: RawCompletion["tokens"] = null;
  #model: string | null = null;
  #sawChoice = false;
  /** Characters received so far, a reasoning model's thinking included. */
  receivedChars = 0;

  /** Takes one chunk (`choices[0].delta`) or a whole completion (`choices[0].message`). Throws `MalformedReplyError`. */
  push(chunk: unknown): void {
    if (!isRecord(chunk)) throw new MalformedReplyError("its reply is not a JSON object");
    if (typeof chunk["model"] === "string" && chunk["model"] !== "") this.#model = chunk["model"];
    if (isRecord(chunk["usage"])) this.#tokens = readTokens(chunk["usage"]);
    const choices = chunk["choices"];
    const choice: unknown = Array.isArray(choices) ? choices.find((one: unknown) => isRecord(one) && (one["index"] ?? 0) === 0) : undefined;
    if (!isRecord(choice)) return;
    this.#sawChoice = true;
    if (typeof choice["finish_reason"] === "string" && choice["finish_reason"] !== "") this.#finishReason = choice["finish_reason"];
    const message = choice["delta"] ?? choice["message"];
    if (!isRecord(message)) return;
    this.#take(message["content"], this.#parts);
    this.#take(message["refusal"], this.#refusal);
    this.#take(message["reasoning_content"] ?? message["reasoning"], null);
  }

  /** The answer, once everything was pushed. Throws `MalformedReplyError` for everything that is not a whole one. */
  finish(): RawCompletion {
    if (!this.#sawChoice) throw new MalformedReplyError("its reply has no choice in it");
    if (this.#finishReason === null) throw new MalformedReplyError(`its reply broke off after ${this.receivedChars} characters, without a finish reason`);
    if (this.#finishReason === "error") throw new MalformedReplyError("its reply ended with finish reason error");
    const text = this.#parts.join("");
    return {
      text: text === "" ? this.#refusal.join("") : text,
      finishReason: toFinishReason(this.#finishReason),
      tokens: this.#tokens,
      model: this.#model,
    };
  }

  #take(text: unknown, into: string[] | null): void {
    if (typeof text !== "string") return;
    this.receivedChars += text.length;
    into?.push(text);
  }
}

function toFinishReason(reason: string): ModelReply["finishReason"] {
  // eos_token, stop_sequence, end_turn, eos: what text-generation-inference and gateways to other vendors pass through.
  if (["stop", "eos", "eos_token", "stop_sequence", "end_turn"].includes(reason)) return "stop";
  if (reason === "length" || reason === "max_tokens") return "length";
  return reason === "content_filter" ? "content_filter" : "other";
}

function readTokens(usage: JsonRecord): Omit<Usage, "costUsd"> {
  const details = usage["prompt_tokens_details"];
  // prompt_cache_hit_tokens: DeepSeek's name.
  const cached = isRecord(details) ? details["cached_tokens"] : usage["prompt_cache_hit_tokens"];
  return { inputTokens: toCount(usage["prompt_tokens"]), outputTokens: toCount(usage["completion_tokens"]), cachedTokens: toCount(cached) };
}

function toCount(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) && value > 0 ? value : 0;
}

function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
