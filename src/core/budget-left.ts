import type { BudgetView } from "./cell.js";
import type { RunLimits } from "./run-limits.js";
import { callsUsed, type RunState } from "./run-state.js";
import type { Usage } from "./usage.js";

/** What is left of the limits that are no counts of calls; `null` = no limit. Below 0 when calls in flight passed a limit. */
export interface Left {
  readonly tokens: number | null;
  /** A cost that is not known leaves nothing. */
  readonly usd: number | null;
  readonly ms: number | null;
}

export function left({ usage, startedAtMs, waitedMs }: RunState, { maxTokens, budgetUsd, timeoutMs }: RunLimits, nowMs: number): Left {
  return {
    tokens: maxTokens === null ? null : maxTokens - tokensOf(usage),
    usd: budgetUsd === null ? null : budgetUsd - (usage.costUsd ?? budgetUsd),
    ms: timeoutMs === null ? null : timeoutMs - (nowMs - startedAtMs - waitedMs),
  };
}

/** @param state as the turn begins */
export function budgetView(state: RunState, limits: RunLimits, nowMs: number): BudgetView {
  const { tokens, usd, ms } = left(state, limits, nowMs);
  return {
    turn: state.turn,
    maxIterations: limits.maxIterations,
    llmCallsUsed: callsUsed(state),
    maxLlmCalls: limits.maxLlmCalls,
    toolCallsLeft: Math.max(0, limits.maxToolCalls - state.toolCalls.settled - state.toolCalls.inFlight),
    tokensLeft: notBelowZero(tokens),
    usdLeft: notBelowZero(usd),
    msLeft: notBelowZero(ms),
  };
}

/** What a cell is told: the root call that wrote it is spent. */
export function afterRootCall(view: BudgetView, usage: Usage): BudgetView {
  const { tokensLeft, usdLeft } = view;
  return {
    ...view,
    tokensLeft: notBelowZero(tokensLeft === null ? null : tokensLeft - tokensOf(usage)),
    usdLeft: notBelowZero(usdLeft === null ? null : usdLeft - (usage.costUsd ?? usdLeft)),
  };
}

function tokensOf({ inputTokens, outputTokens }: Usage): number {
  return inputTokens + outputTokens;
}

function notBelowZero(value: number | null): number | null {
  return value === null ? null : Math.max(0, value);
}
