import { expect, it } from "vitest";
import { applyEvent } from "../../src/core/apply-event.js";
import { nextStep } from "../../src/core/next-step.js";
import { resolveRunOptions } from "../../src/core/resolve-run-limits.js";
import { initialState, type RunState } from "../../src/core/run-state.js";

const LIMITS = resolveRunOptions({ maxLlmCalls: 0 });
const GIB = 2 ** 30;
const ref = (bytes: number) => ({ digest: "d", bytes });
const usage = { inputTokens: 0, outputTokens: 0, cachedTokens: 0, costUsd: 0 };
const BUDGET = { turn: 1, maxIterations: 10, llmCallsUsed: 0, maxLlmCalls: 0, tokensLeft: null, usdLeft: null, msLeft: null };
const planned = (state: RunState, turn: number): RunState =>
  applyEvent({ ...state, phase: { at: "plan" } }, { type: "planned", result: { planRef: ref(1), hasCode: true, trajectoryRef: null, usage }, budget: { ...BUDGET, turn } });
const begun: RunState = { ...initialState(0), snapshotRef: ref(1), sessionQueue: "q" };

/** The cell asks, and is refused: the run has no calls at all. */
function refused(state: RunState, bytes: number, seq: number): RunState {
  const { state: executing } = nextStep(state, LIMITS, 0);
  const suspended = applyEvent(executing, { type: "suspended", result: { status: "suspended", sessionQueue: "q", seq, pack: ref(bytes), counts: { llm: 1, tool: 0, rlm: 0 }, fusable: false } });
  return nextStep(suspended, LIMITS, 0).state;
}

const leftFor = (state: RunState): number => {
  const { command } = nextStep(state, LIMITS, 0);
  if (command.do !== "execute") throw new Error(command.do);
  return command.requestBytesLeft;
};

it("gives each cell what the packs before it have left of 2 GiB, refused ones included", () => {
  const first = planned(begun, 1);
  expect(leftFor(first)).toBe(2 * GIB);
  const asked = refused(refused(first, GIB, 0), GIB / 2, 1);
  expect(asked.calls).toEqual({ answered: 0, inFlight: 0, failed: 0 });
  const second = planned(asked, 2);
  expect(leftFor(second)).toBe(GIB / 2);
  expect(leftFor(planned(refused(second, GIB, 0), 3))).toBe(0);
});

it("gives a cell that is run again the same as at its first start, so that its replay is refused where it was", () => {
  const lost = applyEvent(refused(planned(begun, 1), GIB, 0), { type: "sessionLost", sandboxDied: false });
  expect(lost.requestBytes).toBe(GIB);
  expect(leftFor(lost)).toBe(2 * GIB);
});
