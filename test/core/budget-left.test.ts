import { expect, it } from "vitest";
import { applyEvent } from "../../src/core/apply-event.js";
import { nextStep, type Command } from "../../src/core/next-step.js";
import { resolveRunOptions, type RunOptions } from "../../src/core/resolve-run-limits.js";
import { initialState, type RunState } from "../../src/core/run-state.js";

const REF = { digest: "d", bytes: 1 };
const spent: RunState = { ...initialState(1000), phase: { at: "plan" }, turn: 2, waitedMs: 500, usage: { inputTokens: 900, outputTokens: 100, cachedTokens: 0, costUsd: 0.25 } };

/** What a cell is told whose root call used 60 tokens for `costUsd`. */
function toldTo(state: RunState, options: RunOptions, costUsd: number | null, nowMs: number): Extract<Command, { do: "execute" }> {
  const limits = resolveRunOptions(options);
  const planned = nextStep(state, limits, nowMs);
  if (planned.command.do !== "plan") throw new Error(`a turn was expected, not ${planned.command.do}`);
  const usage = { inputTokens: 50, outputTokens: 10, cachedTokens: 0, costUsd };
  const executing = applyEvent(planned.state, { type: "planned", result: { planRef: REF, hasCode: true, trajectoryRef: null, usage }, budget: planned.command.budget });
  const { command } = nextStep(executing, limits, nowMs + 60_000);
  if (command.do !== "execute") throw new Error(`a cell was expected, not ${command.do}`);
  return command;
}

it("tells a cell what is left of tokens and money after the root call that wrote it, and of the time as its turn began", () => {
  const { budget } = toldTo(spent, { maxTokens: 5000, budgetUsd: 1, timeoutMs: 10_000 }, 0.5, 4500);
  expect(budget).toMatchObject({ turn: 3, tokensLeft: 3940, usdLeft: 0.25, msLeft: 7000 });
});

it("tells nothing of limits that there are not", () => {
  expect(toldTo(spent, {}, null, 4500).budget).toMatchObject({ tokensLeft: null, usdLeft: null, msLeft: null });
});

it("tells the tool calls that are neither made nor under way", () => {
  expect(toldTo({ ...spent, toolCalls: { settled: 3, inFlight: 2 } }, { maxToolCalls: 9 }, null, 4500).budget).toMatchObject({ toolCallsLeft: 4 });
});

it("tells 0, not less, when a call passed a limit, and no money when a cost is not known", () => {
  expect(toldTo(spent, { maxTokens: 1001, budgetUsd: 1 }, null, 4500).budget).toMatchObject({ tokensLeft: 0, usdLeft: 0 });
});

it("tells a cell that is run again the same", () => {
  const limits = resolveRunOptions({ maxTokens: 5000, timeoutMs: 10_000 });
  const first = nextStep(spent, limits, 4500);
  if (first.command.do !== "plan") throw new Error("a turn was expected");
  const executing = applyEvent(first.state, { type: "planned", result: { planRef: REF, hasCode: true, trajectoryRef: null, usage: spent.usage }, budget: first.command.budget });
  const once = nextStep(executing, limits, 5000);
  const again = nextStep(applyEvent(once.state, { type: "sessionLost", sandboxDied: false }), limits, 9000);
  expect(once.command).toMatchObject({ do: "execute", budget: { tokensLeft: 3000, msLeft: 7000 } });
  expect(again.command).toMatchObject({ do: "execute", budget: once.command.do === "execute" ? once.command.budget : null });
});
