import { left } from "./budget-left.js";
import type { CallCounts } from "./call-counts.js";
import type { RunLimits } from "./run-limits.js";
import type { SettledChild } from "./child-wire.js";
import { callsUsed, type Reservation, type RunState } from "./run-state.js";

/** So many children of one suspension run at the same time; each holds a sandbox of some 200 MB while it computes. */
export const MAX_CHILDREN_AT_ONCE = 8;

/**
 * What each child run of a suspension may use: what is left is divided in equal parts among the children and their parent, who goes on when they are
 * done. What a child leaves comes back when it ends. A child counts as one sub-call itself, so the number of children is bounded too.
 *
 * Turns are halved at each level instead of divided: half a task is worth half the turns, however many others there are.
 *
 * @param counts all calls of the suspension
 * @param nowMs to know the time that is left
 * @returns `null`: the suspension makes no child runs
 */
export function childLimits(state: RunState, limits: RunLimits, counts: CallCounts, nowMs: number): RunLimits | null {
  if (counts.rlm === 0) return null;
  const parts = counts.rlm + 1;
  const { toolCalls } = state;
  const callsLeft = limits.maxLlmCalls - callsUsed(state) - counts.llm - counts.rlm;
  const toolCallsLeft = limits.maxToolCalls - toolCalls.settled - toolCalls.inFlight - counts.tool;
  const { tokens, usd, ms } = left(state, limits, nowMs);
  const lanes = Math.min(counts.rlm, MAX_CHILDREN_AT_ONCE) + (counts.llm > 0 ? 1 : 0);
  return {
    ...limits,
    maxDepth: limits.maxDepth - 1,
    maxIterations: Math.ceil(limits.maxIterations / 2),
    maxLlmCalls: Math.max(0, Math.floor(callsLeft / parts)),
    maxToolCalls: Math.max(0, Math.floor(toolCallsLeft / parts)),
    maxTokens: tokens === null ? null : Math.max(1, Math.floor(tokens / parts)),
    budgetUsd: usd === null ? null : Math.max(0, usd / parts),
    timeoutMs: ms === null ? null : Math.max(1, Math.floor(ms)),
    maxConcurrency: Math.max(1, Math.floor(limits.maxConcurrency / lanes)),
    // Nobody raises a child's budget: it is a part of its parent's.
    onLimit: "extract",
  };
}

/** What a suspension may use at most: reserved before any of it starts. */
export function toReserve(counts: CallCounts, child: RunLimits | null): Reservation {
  return {
    llmCalls: counts.llm + counts.rlm * (1 + (child?.maxLlmCalls ?? 0)),
    toolCalls: counts.tool + counts.rlm * (child?.maxToolCalls ?? 0),
  };
}

/** What a settled child adds to the books of its parent: itself, if it answered, and all that was answered below it. */
export function callsOfChild({ failed, llmCalls, failedCalls }: SettledChild): { readonly answered: number; readonly failed: number } {
  return { answered: llmCalls + (failed ? 0 : 1), failed: failedCalls + (failed ? 1 : 0) };
}
