import { expect, it } from "vitest";
import { adoptedRow, grantRow, initialBatchState, rowSettled, rowStarted, rowWorkflowId } from "../../src/core/batch-decisions.js";
import type { BatchInput, BatchLimits, BatchState } from "../../src/core/batch-wire.js";
import { NO_USAGE } from "../../src/core/usage.js";

const ask = (limits: Partial<BatchLimits>, state: BatchState, row: Partial<BatchInput["rowLimits"]> = {}) =>
  grantRow({ limits: { concurrency: 4, maxFailures: null, totalLlmCalls: null, budgetUsd: null, ...limits }, rowLimits: { maxLlmCalls: 10, budgetUsd: null, ...row } as BatchInput["rowLimits"] }, state);
const open = (index: number, usd = 0) => ({ index, workflowId: String(index), reservedCalls: 10, reservedUsd: usd });
const settled = (index: number, llmCalls: number, costUsd = 0, status: "answered" | "failed" = "answered") =>
  ({ index, status, reason: null, workflowId: String(index), outputsRef: null, turns: 1, llmCalls, usage: { ...NO_USAGE, costUsd } });

it("never lets the rows together pass the total of calls, whatever each of them uses", () => {
  for (let seed = 1; seed <= 50; seed += 1) {
    let state = initialBatchState(0);
    let random = seed;
    let index = 0;
    for (let step = 0; step < 200; step += 1) {
      random = (random * 1103515245 + 12345) % 2147483648;
      const grant = ask({ totalLlmCalls: 73 }, state);
      if (grant.grant === "start") state = rowStarted(state, open((index += 1)));
      else if (state.open.length === 0) break;
      else state = rowSettled(state, settled(state.open[random % state.open.length]?.index ?? 0, random % 11), true);
      expect(state.llmCalls + state.open.length * 10).toBeLessThanOrEqual(73);
    }
    expect(ask({ totalLlmCalls: 73 }, { ...state, open: [] }).grant === "stop" || state.llmCalls <= 63).toBe(true);
  }
});

it("divides money among the lanes, counts what earlier starts have spent, and stops when it is used up", () => {
  const start = initialBatchState(0, { llmCalls: 0, usage: { ...NO_USAGE, costUsd: 2 } });
  expect(ask({ budgetUsd: 10 }, start)).toEqual({ grant: "start", llmCalls: 10, usd: 2 });
  expect(ask({ budgetUsd: 10 }, rowStarted(start, open(1, 2)))).toEqual({ grant: "start", llmCalls: 10, usd: 2 });
  expect(ask({ budgetUsd: 10 }, start, { budgetUsd: 9 })).toEqual({ grant: "stop", why: "budget" });
  expect(ask({ budgetUsd: 2 }, start)).toEqual({ grant: "stop", why: "budget" });
});

it("has a row that it takes over hold what a new one would: its calls, and an equal part of the money", () => {
  const adopt = (limits: Partial<BatchLimits>, state = initialBatchState(0)) =>
    adoptedRow({ limits: { concurrency: 4, maxFailures: null, totalLlmCalls: null, budgetUsd: null, ...limits }, rowLimits: { maxLlmCalls: 10, budgetUsd: null } as BatchInput["rowLimits"] }, state, { index: 7, workflowId: "7" });
  expect(adopt({})).toEqual({ index: 7, workflowId: "7", reservedCalls: 10, reservedUsd: 0 });
  expect(adopt({ budgetUsd: 8 }).reservedUsd).toBe(2);
  const more = [1, 2, 3, 4, 5].reduce((state, index) => rowStarted(state, open(index, 2)), initialBatchState(0));
  expect(adopt({ budgetUsd: 8 }, more).reservedUsd).toBe(0);
  expect(ask({ totalLlmCalls: 60 }, rowStarted(more, adopt({}, more)))).toEqual({ grant: "wait" });
});

it("keeps to its lanes and stops at the failures it was given", () => {
  const full = [1, 2, 3, 4].reduce((state, index) => rowStarted(state, open(index)), initialBatchState(0));
  expect(ask({}, full)).toEqual({ grant: "wait" });
  expect(ask({ maxFailures: 1 }, rowSettled(full, settled(1, 0, 0, "failed"), true))).toEqual({ grant: "stop", why: "failures" });
});

it("names a row's run by its key, where that can stand in an id, and another one for each start", () => {
  expect(rowWorkflowId("b", "user-1", "ff", 1)).toBe("b/user-1");
  expect(rowWorkflowId("b", "a b/c", "0123456789abcdef99", 3)).toBe("b/row-0123456789abcdef~3");
});
