import { describe, expect, it } from "vitest";
import { resolveRunOptions } from "../../src/core/resolve-run-limits.js";
import { computeWorstCase } from "../../src/core/worst-case.js";

const price = { inputUsdPerMillion: 2, outputUsdPerMillion: 10 };
const settings = { big: { price, contextTokens: 100_000, maxOutputTokens: 10_000 }, small: { price: { inputUsdPerMillion: 1, outputUsdPerMillion: 1 }, contextTokens: 50_000 } };
const models = { root: "big", sub: "small", allowed: [], settings };

describe("the worst case of a run", () => {
  it("counts every turn, a summary from the third turn on, and both extract calls at the root model, and every sub-call with its repairs at the dearest model that cells may name", () => {
    const bigCall = 0.09 * 2 + 0.01 * 10;
    const worst = computeWorstCase({ models, limits: resolveRunOptions({ maxIterations: 3, maxLlmCalls: 7 }) });
    expect(worst).toMatchObject({ rootCalls: 6, subCalls: 7, repairCalls: 14, tokens: 27 * 100_000, unknown: [] });
    expect(worst.costUsd).toBeCloseTo(27 * bigCall, 10);
  });

  it("does without the sub-model's price where there are no sub-calls", () => {
    const worst = computeWorstCase({ models: { ...models, sub: "nameless" }, limits: resolveRunOptions({ maxIterations: 1, maxLlmCalls: 0 }) });
    expect(worst.costUsd).toBeCloseTo(3 * 0.28, 10);
    expect(worst.unknown).toEqual([]);
  });

  it("is unknown when a price or a context is, and says which", () => {
    const known = { ...settings, big: { contextTokens: 100_000 } };
    expect(computeWorstCase({ models: { ...models, settings: known }, limits: resolveRunOptions({}) })).toMatchObject({ costUsd: null, tokens: 170 * 100_000, unknown: ["price of big"] });
    expect(computeWorstCase({ models: { ...models, allowed: ["third"] }, limits: resolveRunOptions({}) })).toMatchObject({ costUsd: null, tokens: null, unknown: ["contextTokens of third", "price of third"] });
  });

  it("counts the turns of child runs, of which there may be one for each sub-call", () => {
    expect(computeWorstCase({ models, limits: resolveRunOptions({ maxIterations: 3, maxLlmCalls: 7, maxDepth: 1 }) })).toMatchObject({ rootCalls: 8 * 6, subCalls: 7 });
  });

  it("has no sub-calls, summaries and children where the strategy has no REPL", () => {
    expect(computeWorstCase({ models, limits: resolveRunOptions({ maxIterations: 3, maxLlmCalls: 7, maxDepth: 1 }), strategy: "predict" })).toMatchObject({ rootCalls: 5, subCalls: 0, repairCalls: 0 });
  });
});
