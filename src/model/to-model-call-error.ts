import { APIError } from "openai";
import { classifyFailure, statusOfStreamedError } from "./classify-failure.js";
import { describeFailure } from "./error-message.js";
import { ModelCallError } from "./errors.js";
import { parseRetryAfterMs } from "./retry-after.js";
import { quoteServerText } from "./server-text.js";

/** What a failure is about. `prompts` and `apiKey` are here to be kept out of messages. */
export interface CallContext {
  readonly host: string;
  readonly model: string | null;
  readonly apiKey: string | null;
  /** The variable that holds the key, for the cure of a refused one. @default OPENAI_API_KEY */
  readonly apiKeyEnv?: string;
  readonly prompts: readonly string[];
}

/** A body or a stream that is not a whole answer; `message` says what is wrong with it, without its content. */
export class MalformedReplyError extends Error {
  override readonly name = "MalformedReplyError";
}

/**
 * Translates whatever a call threw. The openai package's own errors do not travel on as `cause`: their messages and bodies may repeat the
 * prompt or the key, and causes end up in Temporal's history.
 */
export function toModelCallError(error: unknown, context: CallContext): ModelCallError {
  if (error instanceof ModelCallError) return error;
  if (error instanceof APIError && (error.status !== undefined || error.error !== undefined)) return fromServerFailure(error, context);
  if (error instanceof MalformedReplyError) return malformed(error.message, context);
  if (error instanceof SyntaxError) return malformed("its reply is not valid JSON", context);
  return fromNetworkFailure(error, context);
}

function fromServerFailure(error: APIError, context: CallContext): ModelCallError {
  const body = asRecord(error.error);
  const type = asText(error.type ?? body["type"]);
  const code = asText(error.code ?? body["code"]);
  const status = error.status ?? statusOfStreamedError(error.code ?? body["code"], type);
  const message = asText(body["message"]) ?? (error.error === undefined ? error.message : JSON.stringify(error.error));
  const { errorClass, kind } = classifyFailure({ status, code, type, message });
  const retryAfterMs = errorClass === "retryable" && error.headers ? parseRetryAfterMs(error.headers, Date.now()) : undefined;
  const what = status < 400 ? "redirects; give the address it points to as the base URL" : "refused the call";
  const serverText = quoteServerText(message, context);
  return new ModelCallError(
    describeFailure({ ...context, kind, status, serverText, what: status >= 500 ? "failed" : what }),
    errorClass, kind, { status, ...(retryAfterMs !== undefined && { retryAfterMs }) },
  );
}

function malformed(what: string, context: CallContext): ModelCallError {
  return new ModelCallError(describeFailure({ ...context, kind: "malformed_reply", what }), "retryable", "malformed_reply");
}

function fromNetworkFailure(error: unknown, context: CallContext): ModelCallError {
  const code = findCode(error);
  const kind = code === "ETIMEDOUT" ? "timeout" : "network";
  const what = code === null ? "the connection failed" : `the connection failed with ${code}`;
  return new ModelCallError(describeFailure({ ...context, kind, what }), "retryable", kind);
}

/** The system's error code (`ECONNREFUSED`), wherever in the chain of causes it is. */
function findCode(error: unknown): string | null {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if ("code" in at && typeof at.code === "string") return at.code;
    if (at instanceof AggregateError && at.errors.length > 0) return findCode(at.errors[0]);
  }
  return null;
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function asText(value: unknown): string | null {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : null;
}
