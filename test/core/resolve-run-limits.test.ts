import { describe, expect, it } from "vitest";
import { parseBytes } from "../../src/core/byte-size.js";
import { parseDuration } from "../../src/core/duration.js";
import { resolveRunOptions, RunOptionsError, type RunOptions } from "../../src/core/resolve-run-limits.js";

describe("run options", () => {
  it("have defaults for all that is left out", () => {
    expect(resolveRunOptions({ maxLlmCalls: 0, timeoutMs: undefined })).toEqual({
      maxIterations: 10, maxLlmCalls: 0, maxToolCalls: 1000, maxOutputChars: 10_000, cellTimeoutMs: 60_000, memoryLimitBytes: 2 * 1024 ** 3, lazyTextAboveBytes: 1e9, maxConcurrency: 64,
      maxTokens: null, budgetUsd: null, timeoutMs: null, maxDepth: 0, onLimit: "extract",
    });
  });

  it("are refused all at once, each with its value and rule", () => {
    const options = { maxIterations: 0, maxLlmCalls: 2.5, maxConcurrency: "many", onLimit: "stop", maxIteration: 3, colour: 1, budgetUsd: Number.NaN, timeoutMs: null } as unknown as RunOptions;
    expect(() => resolveRunOptions(options)).toThrow(new RunOptionsError([
      "maxIterations is 0; it must be a whole number from 1 to 1000.",
      "maxLlmCalls is 2.5; it must be a whole number from 0 to 1000000.",
      'maxConcurrency is "many"; it must be a whole number from 1 to 1000.',
      'onLimit is "stop"; it must be "extract" or "wait".',
      "maxIteration is not an option. Did you mean maxIterations?",
      "colour is not an option. Options: maxIterations, maxLlmCalls, maxToolCalls, maxOutputChars, cellTimeoutMs, memoryLimitBytes, lazyTextAboveBytes, maxConcurrency, maxTokens, budgetUsd, timeoutMs, maxDepth, onLimit.",
      "budgetUsd is NaN; it must be a number from 0 to 1000000, or null for no limit.",
    ]));
  });
});

it.each([["60s", 60_000], ["500ms", 500], [" 1.5 h ", 5_400_000], ["1h30m", 5_400_000], ["2 d 1s", 172_801_000], ["10min", 600_000], ["0s", 0]])("the duration %s is %i ms", (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

it("a duration without a unit, or anything else, is refused with the cure", () => {
  expect(() => parseDuration("60")).toThrow('"60" is not a duration. Add a unit: `60s` or `60ms`.');
  for (const text of ["", "s", "1x", "-1s", "1s!", "1s,2s", "9e99d"]) expect(() => parseDuration(text)).toThrow(`"${text}" is not a duration. Write it like`);
});

it.each([["2GiB", 2 * 1024 ** 3], ["512 MiB", 512 * 1024 ** 2], ["1.5gb", 1.5e9], ["512m", 512 * 1024 ** 2], ["10B", 10]])("the size %s is %i bytes", (text, bytes) => {
  expect(parseBytes(text)).toBe(bytes);
});

it("a size without a unit, or anything else, is refused with the cure", () => {
  expect(() => parseBytes("2048")).toThrow('"2048" is not a size. Add a unit: `2048MiB` or `2048B`.');
  for (const text of ["", "GiB", "-1GiB", "1TiBx", "lots"]) expect(() => parseBytes(text)).toThrow(`"${text}" is not a size. Write it like`);
});
