import { APIError } from "openai";
import type { Usage } from "../core/usage.js";
import type { RawCompletion } from "./completion-reader.js";
import type { ModelReply } from "./model-client.js";
import { MalformedReplyError } from "./to-model-call-error.js";

type JsonRecord = Readonly<Record<string, unknown>>;

/** Deltas of what the model writes, its thinking included: they show progress. */
const DELTAS = /^response\.(output_text|refusal|reasoning_text|reasoning_summary_text)\.delta$/;

/** Puts an answer together from the events of a Responses stream, or from one whole document. Nothing in them is trusted to have the right shape. */
export class ResponseReader {
  #document: JsonRecord | null = null;
  /** Characters received so far, a reasoning model's thinking included. */
  receivedChars = 0;

  /** Takes one event. The last one (`response.completed` or `.incomplete`) holds the whole answer. Throws what a failure is: `APIError` of the server, `MalformedReplyError`. */
  pushEvent(event: unknown): void {
    if (!isRecord(event) || typeof event["type"] !== "string") throw new MalformedReplyError("its stream has an event without a type");
    if (DELTAS.test(event["type"])) this.receivedChars += typeof event["delta"] === "string" ? event["delta"].length : 0;
    else if (event["type"] === "error") throw serverError(event);
    else if (/^response\.(completed|incomplete|failed)$/.test(event["type"])) this.pushDocument(event["response"]);
  }

  /** Takes the whole answer. */
  pushDocument(document: unknown): void {
    if (!isRecord(document)) throw new MalformedReplyError("its reply is not a JSON object");
    if (document["status"] === "failed" || isRecord(document["error"])) throw serverError(isRecord(document["error"]) ? document["error"] : {});
    this.#document = document;
    this.receivedChars = Math.max(this.receivedChars, textOf(document, "output_text", "text").length);
  }

  /** The answer, once everything was pushed. Throws `MalformedReplyError` for everything that is not a whole one. */
  finish(): RawCompletion {
    const document = this.#document;
    if (document === null) throw new MalformedReplyError(`its reply broke off after ${this.receivedChars} characters, without an end`);
    if (!Array.isArray(document["output"])) throw new MalformedReplyError("its reply has no output in it");
    const text = textOf(document, "output_text", "text");
    const finishReason = toFinishReason(document);
    if (document["output"].length === 0 && finishReason === "stop") throw new MalformedReplyError("its reply has an empty output");
    return {
      text: text === "" ? textOf(document, "refusal", "refusal") : text,
      finishReason,
      tokens: isRecord(document["usage"]) ? readTokens(document["usage"]) : null,
      model: typeof document["model"] === "string" && document["model"] !== "" ? document["model"] : null,
    };
  }
}

function toFinishReason(document: JsonRecord): ModelReply["finishReason"] {
  if (document["status"] === "completed") return "stop";
  if (document["status"] !== "incomplete") throw new MalformedReplyError(`its reply ended with status ${String(document["status"]).slice(0, 40)}`);
  const details = document["incomplete_details"];
  const reason = isRecord(details) ? details["reason"] : null;
  if (reason === "max_output_tokens") return "length";
  return reason === "content_filter" ? "content_filter" : "other";
}

/** The texts of all messages of the output; thinking and other items are left out. */
function textOf(document: JsonRecord, type: string, field: string): string {
  const output: readonly unknown[] = Array.isArray(document["output"]) ? document["output"] : [];
  const contents = output.flatMap((item): readonly unknown[] => (isRecord(item) && item["type"] === "message" && Array.isArray(item["content"]) ? item["content"] : []));
  return contents.map((part) => (isRecord(part) && part["type"] === type && typeof part[field] === "string" ? part[field] : "")).join("");
}

function serverError(error: JsonRecord): APIError {
  // The same shape as an error that came with a status: its code and words tell what it means.
  return new APIError(undefined, error, typeof error["message"] === "string" ? error["message"] : "the response failed", undefined);
}

function readTokens(usage: JsonRecord): Omit<Usage, "costUsd"> {
  const details = usage["input_tokens_details"];
  return {
    inputTokens: toCount(usage["input_tokens"]),
    outputTokens: toCount(usage["output_tokens"]),
    cachedTokens: isRecord(details) ? toCount(details["cached_tokens"]) : 0,
  };
}

function toCount(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) && value > 0 ? value : 0;
}

function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
