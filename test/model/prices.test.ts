import { describe, expect, it } from "vitest";
import { computeCostUsd } from "../../src/model/prices.js";

describe("the cost of a call", () => {
  it("charges cached input in full when it has no price of its own", () => {
    const price = { inputUsdPerMillion: 1, outputUsdPerMillion: 10 };
    expect(computeCostUsd(price, { inputTokens: 2_000_000, cachedTokens: 1_000_000, outputTokens: 100_000 })).toBeCloseTo(3);
  });

  it("is null for an unknown price, never 0", () => expect(computeCostUsd(undefined, { inputTokens: 1, cachedTokens: 0, outputTokens: 1 })).toBeNull());
});
