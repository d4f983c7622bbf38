/**
 * What a failed model call means for the run (docs/ARCHITECTURE.md, "Model errors"):
 * - `retryable`: 408/409/429/5xx, network, truncated or malformed body. Repeat, after `retryAfterMs` if given.
 * - `rejected`: 400/404/413/422, context length, content filter. Told to the model as an error of that call.
 * - `blocked`: 401/403, spent quota. A person must act; the run waits.
 */
export type ModelErrorClass = "retryable" | "rejected" | "blocked";

/** Short machine-readable cause; ends up in `LlmError.kind`, in `blocked(reason)` and in logs. */
export type ModelErrorKind =
  | "rate_limited" | "server_error" | "network" | "timeout" | "malformed_reply"
  | "bad_request" | "model_not_found" | "model_not_allowed" | "context_length" | "content_filter"
  | "credentials" | "quota";

export class ModelCallError extends Error {
  override readonly name = "ModelCallError";
  constructor(
    message: string,
    readonly errorClass: ModelErrorClass,
    readonly kind: ModelErrorKind,
    readonly details: { readonly status?: number; readonly retryAfterMs?: number } = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
