import { expect, it } from "vitest";
import { estimateTokens, isTooLong } from "../../src/core/transcript-size.js";

const usage = { inputTokens: 9000, outputTokens: 500, cachedTokens: 0, costUsd: null };

it("counts by what the provider said of the conversation so far, else by characters", () => {
  expect(estimateTokens({ lastUsage: usage, newChars: 4000, allChars: 99_999 })).toBe(10_500);
  expect(estimateTokens({ lastUsage: { ...usage, inputTokens: 0, outputTokens: 0 }, newChars: 4000, allChars: 40_000 })).toBe(10_000);
  expect(estimateTokens({ lastUsage: null, newChars: 4000, allChars: 40_000 })).toBe(10_000);
});

it("finds a conversation too long by its share of the context, 128,000 tokens where none is stated", () => {
  const size = { lastUsage: null, newChars: 0, allChars: 60_000 };
  expect(isTooLong(size, 32_000)).toBe(true);
  expect(isTooLong(size, 40_000)).toBe(false);
  expect(isTooLong({ ...size, allChars: 204_800 }, undefined)).toBe(false);
  expect(isTooLong({ ...size, allChars: 204_804 }, undefined)).toBe(true);
});
