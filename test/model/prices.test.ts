import { describe, expect, it } from "vitest";
import { computeCostUsd, findPrice } from "../../src/model/prices.js";

const prices = { "gpt-x": { inputUsdPerMillion: 1, outputUsdPerMillion: 10 } };

describe("the price of a model", () => {
  it("is found by its name and by its dated names", () => {
    for (const model of ["gpt-x", "gpt-x-2026-01-31", "gpt-x-20260131"]) expect(findPrice(prices, model)).toBe(prices["gpt-x"]);
  });

  it("is unknown for a name that only begins alike, and for names of Object's own", () => {
    for (const model of ["gpt-x-mini", "gpt", "constructor"]) expect(findPrice(prices, model)).toBeNull();
  });

  it("charges cached input in full when it has no price of its own", () => {
    expect(computeCostUsd(prices["gpt-x"], { inputTokens: 2_000_000, cachedTokens: 1_000_000, outputTokens: 100_000 })).toBeCloseTo(3);
  });

  it("makes an unknown cost null, never 0", () => expect(computeCostUsd(null, { inputTokens: 1, cachedTokens: 0, outputTokens: 1 })).toBeNull());
});
