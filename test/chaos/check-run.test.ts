import { expect, it } from "vitest";
import { NO_USAGE } from "../../src/core/usage.js";
import type { ResultDocument } from "../../src/core/result.js";
import type { LedgerRow } from "../../src/testing/index.js";
import { runFaults } from "./check-run.js";
import { answerOf, makeProgram } from "./program.js";
import { Random } from "./random.js";

const NEITHER = { big: "never", waits: false } as const;
const program = makeProgram("CHAOS-9", new Random(9), NEITHER);
/** What the model server says: the prompt itself, with a mark. */
const nonceOf = (prompt: string): string => `<${prompt}>`;
const prompts = program.kept.flatMap((kept) => ("prompt" in kept ? [kept.prompt] : kept.prompts));
const said = new Map(prompts.map((prompt) => [prompt, [nonceOf(prompt)]]));
const replies = program.kept.map((kept) => ("prompt" in kept ? nonceOf(kept.prompt) : [...kept.prompts.map(nonceOf), String(kept.tail)].join("|")));
const ledger = prompts.map((prompt, i) => ({ answered: true, model: "scripted-sub", lastUserTail: prompt, idempotencyKey: `key ${i}` }) as LedgerRow);
const ended = (answer: string, given: readonly string[]): ResultDocument => ({
  workflowId: "w", runId: "r", status: "answered", reason: null, outputs: { answer, replies: given }, turns: 6, llmCalls: program.llmCalls, maxLlmCalls: program.maxLlmCalls, usage: NO_USAGE, durationMs: 1,
});

it("takes the answer of an undisturbed run, and its calls are all that the program makes", () => {
  expect(runFaults(program, ended(answerOf(program, replies), replies), said, ledger)).toEqual([]);
});

it("notices another answer, a reply that was never said, and a call too many", () => {
  expect(runFaults(program, ended("other", replies), said, ledger)).toEqual([`answers other instead of ${answerOf(program, replies)}`]);
  const forged = ["forged", ...replies.slice(1)];
  expect(runFaults(program, ended(answerOf(program, forged), forged), said, ledger)[0]).toMatch(/^has "forged" (as reply to|from) /);
  const more = [...ledger, ...Array.from({ length: 2 }, (_, i) => ({ ...ledger[0], idempotencyKey: `more ${i}` }) as LedgerRow)];
  expect(runFaults(program, ended(answerOf(program, replies), replies), said, more)).toContain(`was answered ${program.llmCalls + 2} different calls instead of ${program.llmCalls}`);
});

it("makes the same program of the same seed, and another of another", () => {
  expect(makeProgram("T", new Random(4), NEITHER)).toEqual(makeProgram("T", new Random(4), NEITHER));
  expect(makeProgram("T", new Random(5), NEITHER).cells).not.toEqual(makeProgram("T", new Random(4), NEITHER).cells);
});
