import type { ModelErrorClass, ModelErrorKind } from "./errors.js";

/** What a server said about a failed call. */
export interface ServerFailure {
  readonly status: number;
  /** `error.code` of the body. */
  readonly code: string | null;
  /** `error.type` of the body. */
  readonly type: string | null;
  readonly message: string;
}

export interface FailureClass {
  readonly errorClass: ModelErrorClass;
  readonly kind: ModelErrorKind;
}

// Not "exceeded your current quota": Gemini says so for limits a minute long.
const QUOTA = /insufficient_quota|insufficient.balance|insufficient.credits|billing_(hard_limit|not_active)/i;
// The usual wordings of OpenAI, vLLM, llama.cpp, LM Studio, Anthropic, Gemini, Mistral, Groq, Together, xAI and OpenRouter.
const CONTEXT_LENGTH = new RegExp([
  "context_length_exceeded", "string_above_max_length", "model_max_prompt_tokens_exceeded", "exceed_context_size_error", "request_too_large",
  "maximum context length", "(maximum|max) prompt length", "context (length|window|size)\\W+(was |is |has been )?exceed", "exceed\\w*\\W+(\\w+\\W+){0,4}context",
  "longer than the (model'?s? )?context", "greater than the context length", "(prompt|input|request) is too (long|large)", "request too large",
  "too many (input )?tokens", "exceeds the maximum number of tokens", "input token count", "reduce the length of", "too large for model with",
].join("|"), "i");
const CONTENT_FILTER = /content_filter|content_policy|responsibleai|moderation_blocked|content management policy|flagged|usage polic|content policy/i;
const BAD_KEY = /invalid_api_key|api key not valid|(invalid|incorrect) api.key/i;
const UNKNOWN_MODEL = /model_not_found|not a valid model|model\b.{0,80}\b(not found|does not exist|not exist|is not available)|unknown model|unsupported model|no such model/i;

/**
 * What a failure that a server reported means for the run. Text beats status where providers disagree on the status:
 * a spent quota is 429 at OpenAI and 402 elsewhere, a wrong key is 400 at Gemini, a flagged prompt is 403 at OpenRouter.
 */
export function classifyFailure(failure: ServerFailure): FailureClass {
  const { status } = failure;
  const said = `${failure.code ?? ""} ${failure.type ?? ""} ${failure.message}`;
  if (status === 402 || (status === 429 && QUOTA.test(said))) return { errorClass: "blocked", kind: "quota" };
  if (status !== 401 && CONTENT_FILTER.test(said) && status < 429) return { errorClass: "rejected", kind: "content_filter" };
  if (status === 401 || status === 403 || (status === 400 && BAD_KEY.test(said))) return { errorClass: "blocked", kind: "credentials" };
  // A 429 that speaks of tokens is a limit a minute, unless the request alone is above it.
  const tooLong = status === 429 ? /request too large/i.test(said) : status === 413 || CONTEXT_LENGTH.test(said);
  if (tooLong) return { errorClass: "rejected", kind: "context_length" };
  if (status === 429) return { errorClass: "retryable", kind: "rate_limited" };
  if (status === 408) return { errorClass: "retryable", kind: "timeout" };
  if (status === 409 || status >= 500) return { errorClass: "retryable", kind: "server_error" };
  if (UNKNOWN_MODEL.test(said)) return { errorClass: "rejected", kind: "model_not_found" };
  return { errorClass: "rejected", kind: "bad_request" };
}

/** The status that fits an error sent inside a stream, whose own status was 200: a numeric code, else by its words. */
export function statusOfStreamedError(code: unknown, type: string | null): number {
  const numeric = Number(code);
  if (Number.isInteger(numeric) && numeric >= 400 && numeric < 600) return numeric;
  const said = `${String(code)} ${type ?? ""}`;
  if (/rate_limit|insufficient_quota/i.test(said)) return 429;
  if (/authentication|api_key|permission/i.test(said)) return 401;
  if (/invalid_request|context_length|content_filter|content_policy/i.test(said)) return 400;
  return 500;
}
