import { NO_USAGE } from "../core/usage.js";
import type { RawCompletion } from "./completion-reader.js";
import { describeFailure } from "./error-message.js";
import { ModelCallError } from "./errors.js";
import type { ModelReply, ModelRequest } from "./model-client.js";
import { computeCostUsd } from "./prices.js";
import type { CallContext } from "./to-model-call-error.js";

/** A whole answer with its price. Throws `ModelCallError` when a content filter left nothing of it. */
export function toReply(completion: RawCompletion, request: ModelRequest, context: CallContext): ModelReply {
  const { text, finishReason, tokens } = completion;
  if (finishReason === "content_filter" && text === "") {
    throw new ModelCallError(describeFailure({ ...context, kind: "content_filter", what: "its answer was filtered away" }), "rejected", "content_filter");
  }
  const model = completion.model ?? request.settings?.model ?? request.model;
  const usage = tokens === null ? { ...NO_USAGE, costUsd: null } : { ...tokens, costUsd: computeCostUsd(request.settings?.price, tokens) };
  return { text, finishReason, usage, model };
}
