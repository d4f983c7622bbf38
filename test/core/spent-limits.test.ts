import { expect, it } from "vitest";
import { nextStep } from "../../src/core/next-step.js";
import { resolveRunOptions } from "../../src/core/resolve-run-limits.js";
import { initialState, type RunState } from "../../src/core/run-state.js";

const DEFAULTS = resolveRunOptions({});
const REF = { digest: "d", bytes: 1 };
const BUDGET = { turn: 1, maxIterations: 10, llmCallsUsed: 0, maxLlmCalls: 50, tokensLeft: null, usdLeft: null, msLeft: null };
const usage = (costUsd: number | null) => ({ inputTokens: 900, outputTokens: 100, cachedTokens: 0, costUsd });

/** After one executed cell, with so much spent. */
const after = (costUsd: number | null): RunState => ({ ...initialState(0), phase: { at: "plan" }, turn: 1, executedCells: 1, trajectoryRef: REF, usage: usage(costUsd) });
const suspendedIn = (state: RunState): RunState => ({
  ...state,
  sessionQueue: "q",
  phase: { at: "call", cell: { planRef: REF, budget: BUDGET, journal: null, refused: null, requestBytesLeft: 1000, sandboxDeaths: 0 }, pending: { pack: REF, seq: 0, counts: { llm: 2, tool: 0, rlm: 0 }, fusable: false } },
});

it.each([
  ["the money is spent", { budgetUsd: 0.01 }, 0.01, "budget"],
  ["a cost is not known, so that the budget cannot be kept", { budgetUsd: 1 }, null, "budget: cost unknown"],
  ["the tokens are used up", { maxTokens: 1000 }, null, "tokens"],
])("ends the turns, and sends no further call, when %s", (_title, limit, costUsd, reason) => {
  const limits = { ...DEFAULTS, ...limit };
  const { command, state } = nextStep(after(costUsd), limits, 0);
  expect(command.do).toBe("extract");
  expect(state.phase).toMatchObject({ at: "extract", reason });
  const refused = nextStep(suspendedIn(after(costUsd)), limits, 0);
  expect(refused.command).toMatchObject({ do: "resume", refused: { asked: 2, reason: `the run's limit is reached: ${reason}` } });
  expect(refused.state.calls.inFlight).toBe(0);
});

it("goes on while something is left", () => {
  expect(nextStep(after(0.009), { ...DEFAULTS, budgetUsd: 0.01, maxTokens: 1001 }, 0).command.do).toBe("plan");
  expect(nextStep(suspendedIn(after(null)), DEFAULTS, 0).command).toMatchObject({ do: "call", counts: { llm: 2 } });
});
