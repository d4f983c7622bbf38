import { expect, it } from "vitest";
import type { RunProgress } from "../../src/core/run-progress.js";
import { addToTimeline, coarsen, EMPTY_TIMELINE, type Segment } from "../../src/core/timeline.js";

const REF = { digest: "d", bytes: 1 };
const fold = (steps: readonly RunProgress[]) => steps.reduce(addToTimeline, EMPTY_TIMELINE).segments;
const shown = (segments: readonly Segment[]) => segments.map(({ doing, fromMs, toMs }) => `${doing} ${fromMs}-${toMs ?? ""}`);
const BEGUN: readonly RunProgress[] = [
  { type: "started", atMs: 0, runId: "r" }, { type: "turn-started", atMs: 10, turn: 1 }, { type: "turn-planned", atMs: 20, turn: 1, planRef: REF, hasCode: true }, { type: "cell-suspended", atMs: 30, turn: 1, seq: 0, count: 2 },
];

it("tells thinking, executing and waiting for calls apart, and executes again when the last call is answered", () => {
  const answered = (atMs: number): RunProgress => ({ type: "calls-answered", atMs, turn: 1, answered: 1, failed: 0, llmCalls: 1 });
  expect(shown(fold([...BEGUN, answered(40), answered(50), { type: "closed", atMs: 60, status: "answered", reason: null }]))).toEqual(["begin 0-10", "think 10-20", "execute 20-30", "fan-out 30-50", "execute 50-60"]);
});

it("shows a pause as a pause while calls are still finished, and then what went on under it", () => {
  const paused = fold([...BEGUN, { type: "paused", atMs: 40, by: "ann", why: null }, { type: "calls-answered", atMs: 50, turn: 1, answered: 2, failed: 0, llmCalls: 2 }, { type: "resumed", atMs: 70, by: "ann", why: null }]);
  expect(shown(paused).slice(3)).toEqual(["fan-out 30-40", "wait 40-70", "execute 70-"]);
});

it("gives at most as many segments as asked for, and leaves few as they are", () => {
  const many = Array.from({ length: 5000 }, (_unused, i): Segment => ({ doing: i % 2 === 0 ? "execute" : "fan-out", turn: 1, fromMs: i * 10, toMs: i * 10 + 10 }));
  many[2500] = { doing: "blocked", turn: 1, fromMs: 25_000, toMs: 25_010 + 0.5 };
  const few = coarsen(many, 100);
  expect(few.length).toBeLessThanOrEqual(100);
  expect(coarsen(many.slice(0, 50), 100)).toEqual(many.slice(0, 50));
});
