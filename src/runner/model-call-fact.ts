import { NO_USAGE } from "../core/usage.js";
import type { ModelCallFact } from "../core/work-fact.js";
import { ModelCallError } from "../model/errors.js";
import type { ModelReply } from "../model/model-client.js";
import type { KeyedCall } from "./model-caller.js";

/** What is told of a request to a model server. @param ended the reply, or what was thrown */
export function modelCallFact({ scope, key, request }: KeyedCall, ended: unknown, times: Pick<ModelCallFact, "startedAtMs" | "durationMs">): ModelCallFact {
  const reply = ended instanceof Error ? null : (ended as ModelReply);
  const error = ended instanceof ModelCallError ? ended : null;
  return {
    type: "model-call",
    runUid: scope.runUid,
    turn: scope.turn,
    callKey: key,
    model: request.model,
    responseModel: reply?.model ?? null,
    role: typeof scope.seq === "number" ? "sub" : "root",
    outcome: reply !== null ? "answered" : (error?.errorClass ?? "cancelled"),
    errorKind: error?.kind ?? null,
    usage: reply?.usage ?? NO_USAGE,
    finishReason: reply?.finishReason ?? null,
    content: () => ({ messages: request.messages, answer: reply?.text ?? null }),
    ...times,
  };
}
