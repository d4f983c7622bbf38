import { describe, expect, it } from "vitest";
import { findModelSettings } from "../../src/core/model-settings.js";

const table = { "gpt-x": { contextTokens: 128_000 } };

describe("the settings of a model", () => {
  it("are found by its name and by its dated names", () => {
    for (const model of ["gpt-x", "gpt-x-2026-01-31", "gpt-x-20260131"]) expect(findModelSettings(table, model)).toBe(table["gpt-x"]);
  });

  it("are empty for a name that only begins alike, and for names of Object's own", () => {
    for (const model of ["gpt-x-mini", "gpt", "constructor"]) expect(findModelSettings(table, model)).toEqual({});
  });
});
