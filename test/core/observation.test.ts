import { expect, test } from "vitest";
import type { BoundedText, CellResult } from "../../src/core/cell.js";
import { renderObservation } from "../../src/core/observation.js";

const text = (whole: string): BoundedText => ({ head: whole, tail: "", chars: [...whole].length });
const none = text("");

function cell(parts: { output?: BoundedText; value?: BoundedText; traceback?: BoundedText; submit?: string }): CellResult {
  return {
    output: parts.output ?? none,
    value: parts.value ?? null,
    error: parts.traceback ? { type: "ValueError", message: "bad", traceback: parts.traceback } : null,
    submit: parts.submit === undefined ? null : { json: parts.submit },
    changed: [],
    restored: [],
  };
}

test("output, value and traceback follow each other, each from a line of its own", () => {
  const result = cell({ output: text("before"), value: text("42"), traceback: text("Traceback\nValueError: bad") });
  expect(renderObservation(result, 1_000)).toBe("before\n42\nTraceback\nValueError: bad");
});

test("a line that the output already ended gets no second newline", () => {
  expect(renderObservation(cell({ output: text("before\n"), value: text("42") }), 1_000)).toBe("before\n42");
});

test.each(["0", "False", "[]"])("the falsy value %s is shown as it is", (value) => {
  expect(renderObservation(cell({ value: text(value) }), 1_000)).toBe(value);
});

test("a cell that showed nothing gets a hint to print", () => {
  expect(renderObservation(cell({}), 1_000)).toContain("use print()");
});

test("a silent cell that submitted gets no hint, and the submitted values are not shown", () => {
  expect(renderObservation(cell({ submit: '{"answer":"secret"}' }), 1_000)).toBe("");
});

test("a text of exactly the limit is whole", () => {
  expect(renderObservation(cell({ output: text("x".repeat(10)) }), 10)).toBe("x".repeat(10));
});

test("a longer text keeps head and tail and says how much was left out", () => {
  expect(renderObservation(cell({ output: text(`aaaaa${"m".repeat(2_000)}zzzzz`) }), 10)).toBe("aaaaa\n… [2,000 characters left out] …\nzzzzz");
});

test("what the sandbox had cut counts as left out", () => {
  const output = { head: "aaaaa", tail: "zzzzz", chars: 1_000_010 };
  expect(renderObservation(cell({ output }), 10)).toBe("aaaaa\n… [1,000,000 characters left out] …\nzzzzz");
});

test("text behind a cut never seems to run on from text before it", () => {
  const output = { head: "aa", tail: "zz", chars: 104 };
  expect(renderObservation(cell({ output }), 50)).toBe("aa\n… [100 characters left out] …\nzz");
});

test("the end of a traceback survives a huge output before it", () => {
  const output = { head: "a".repeat(20), tail: "z".repeat(20), chars: 5_000 };
  const shown = renderObservation(cell({ output, traceback: text("ValueError: bad") }), 40);
  expect(shown).toBe(`${"a".repeat(20)}\n… [4,976 characters left out] …\nzzzz\nValueError: bad`);
});

test("characters are counted as Python counts them", () => {
  expect(renderObservation(cell({ output: text("🎉".repeat(10)) }), 10)).toBe("🎉".repeat(10));
});
