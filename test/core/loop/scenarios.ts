import fc from "fast-check";
import type { Fault, Scenario } from "./parts.js";

const batches = fc.record({ llm: fc.integer({ min: 0, max: 4 }), tool: fc.integer({ min: 0, max: 2 }) }).filter(({ llm, tool }) => llm + tool > 0);
export const scenarios: fc.Arbitrary<Scenario> = fc.record({
  turns: fc.array(fc.option(fc.record({ batches: fc.array(batches, { maxLength: 5 }), submit: fc.boolean(), slowSnapshot: fc.boolean() }), { freq: 8 }), { maxLength: 6 }),
  badEvery: fc.integer({ min: 0, max: 3 }),
  extractFails: fc.integer({ min: 0, max: 2 }),
  limits: fc.record({
    maxIterations: fc.integer({ min: 1, max: 7 }),
    maxLlmCalls: fc.integer({ min: 0, max: 20 }),
    maxToolCalls: fc.integer({ min: 0, max: 12 }),
    maxTokens: fc.option(fc.integer({ min: 1, max: 300 })),
    timeoutMs: fc.option(fc.integer({ min: 1, max: 7000 })),
    maxOutputChars: fc.constant(1000), cellTimeoutMs: fc.constant(1000), memoryLimitBytes: fc.constant(2 ** 31), lazyTextAboveBytes: fc.constant(1e9), maxConcurrency: fc.constant(8),
    budgetUsd: fc.constant(null), maxDepth: fc.constant(0), onLimit: fc.constant("extract" as const),
  }),
});
export const faultPlans = fc.oneof(
  fc.array(fc.constantFrom<Fault>("none", "fused", "lost", "lostAfter", "cut", "twice", "reordered"), { maxLength: 40 }),
  fc.array(fc.constantFrom<Fault>("none", "fused", "none", "lost", "lostAfter", "sandboxDied", "diverge", "cut", "twice", "reordered"), { maxLength: 40 }),
);
