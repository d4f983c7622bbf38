import { SpanKind, type Attributes } from "@opentelemetry/api";
import type { ModelCallFact, WorkFact } from "../../src/core/work-fact.js";
import { GEN_AI, OPERATION } from "./gen-ai-names.js";
import { callIds, cellIds, runIds, turnIds, type SpanIds } from "./span-ids.js";

export interface DescribedSpan extends SpanIds {
  readonly name: string;
  readonly kind: SpanKind;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** What kind of error it ended with. */
  readonly error: string | null;
  readonly attributes: Attributes;
}

/** The spans of a fact; snapshots and sessions are metrics only. Pure. @param content whether prompts and answers are told */
export function describeSpans(fact: WorkFact, content: boolean): readonly DescribedSpan[] {
  switch (fact.type) {
    case "run-closed": {
      const { runUid, status, startedAtMs, closedAtMs } = fact;
      const attributes = { [GEN_AI.operation]: OPERATION.invokeAgent, [GEN_AI.agent]: "rlm", [GEN_AI.conversation]: runUid, "rlm.status": status };
      return [{ ...runIds(runUid), name: `${OPERATION.invokeAgent} rlm`, kind: SpanKind.INTERNAL, startedAtMs, endedAtMs: closedAtMs, error: status === "failed" ? status : null, attributes }];
    }
    case "turn": {
      const { runUid, turn, end, startedAtMs, plannedAtMs, finishedAtMs, cellMs } = fact;
      const common = { kind: SpanKind.INTERNAL, endedAtMs: finishedAtMs, error: end === "sandbox-died" ? end : null } as const;
      const attributes = { [GEN_AI.conversation]: runUid, "rlm.turn": turn, "rlm.turn.end": end };
      const whole = { ...turnIds(runUid, turn), ...common, name: `turn ${turn}`, startedAtMs, attributes };
      const cell = { ...cellIds(runUid, turn), ...common, name: `cell ${turn}`, startedAtMs: plannedAtMs, attributes: { ...attributes, "rlm.cell.python_ms": cellMs } };
      return end === "no-code" ? [whole] : [whole, cell];
    }
    case "model-call":
      return [describeCall(fact, content)];
    case "tool-call": {
      const { runUid, tool, callKey, outcome, startedAtMs, durationMs } = fact;
      const attributes = { [GEN_AI.operation]: OPERATION.executeTool, [GEN_AI.tool]: tool, [GEN_AI.toolCall]: callKey, [GEN_AI.conversation]: runUid };
      return [{ ...callIds(fact, true), name: `${OPERATION.executeTool} ${tool}`, kind: SpanKind.INTERNAL, startedAtMs, endedAtMs: startedAtMs + durationMs, error: outcome === "failed" ? outcome : null, attributes }];
    }
    case "snapshot":
    case "session":
      return [];
  }
}

function describeCall(fact: ModelCallFact, content: boolean): DescribedSpan {
  const { runUid, turn, callKey, model, responseModel, role, outcome, errorKind, usage, finishReason, startedAtMs, durationMs } = fact;
  const answered = outcome === "answered";
  return {
    ...callIds(fact, role === "sub"),
    name: `${OPERATION.chat} ${model}`,
    kind: SpanKind.CLIENT,
    startedAtMs,
    endedAtMs: startedAtMs + durationMs,
    error: answered ? null : (errorKind ?? outcome),
    attributes: {
      [GEN_AI.operation]: OPERATION.chat,
      [GEN_AI.provider]: "openai",
      [GEN_AI.requestModel]: model,
      [GEN_AI.conversation]: runUid,
      "rlm.turn": turn,
      "rlm.role": role,
      "rlm.call_key": callKey,
      ...(responseModel !== null && { [GEN_AI.responseModel]: responseModel }),
      ...(finishReason !== null && { [GEN_AI.finishReasons]: [finishReason] }),
      ...(answered && { [GEN_AI.inputTokens]: usage.inputTokens, [GEN_AI.outputTokens]: usage.outputTokens, [GEN_AI.cachedInputTokens]: usage.cachedTokens }),
      ...(content && contentOf(fact)),
    },
  };
}

/** As the conventions want messages: JSON, a list of parts each. */
function contentOf({ content, finishReason }: ModelCallFact): Attributes {
  const { messages, answer } = content();
  const parts = (text: string): readonly object[] => [{ type: "text", content: text }];
  return {
    [GEN_AI.inputMessages]: JSON.stringify(messages.map(({ role, content: text }) => ({ role, parts: parts(text) }))),
    ...(answer !== null && { [GEN_AI.outputMessages]: JSON.stringify([{ role: "assistant", parts: parts(answer), finish_reason: finishReason }]) }),
  };
}
