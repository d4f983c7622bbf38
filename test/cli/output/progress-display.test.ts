import { expect, it } from "vitest";
import { describeState } from "../../../src/cli/output/describe-progress.js";
import { ProgressDisplay } from "../../../src/cli/output/progress-display.js";
import type { RunProgress } from "../../../src/core/run-progress.js";
import { EMPTY_VIEW, type RunView } from "../../../src/core/run-view.js";

const view: RunView = { ...EMPTY_VIEW, turn: 2, maxIterations: 10, maxLlmCalls: 50, llmCalls: 7, startedAtMs: 1000 };
const events: readonly RunProgress[] = [
  { type: "started", atMs: 1, runId: "r" },
  { type: "turn-started", atMs: 1, turn: 1 },
  { type: "retrying", atMs: 1, activity: "planTurn", attempt: 2, message: "\u001b[31mbusy" },
  { type: "blocked", atMs: 1, reason: "credentials", message: "key refused" },
];

class Screen {
  text = "";
  constructor(readonly isTTY: boolean, readonly columns = 40) {}
  write(text: string): void {
    this.text += text;
  }
}

it("prints a line an event where there is no terminal", () => {
  const screen = new Screen(false);
  using display = new ProgressDisplay(screen);
  display.update("id", view, events);
  expect(screen.text.split("\n")).toEqual([
    "id started", "turn 1: asking the root model", "planTurn: attempt 2 after: \\u{1b}[31mbusy", "blocked (credentials): key refused", "Mend it, then: rlm retry id", "",
  ]);
});

it("repaints one line on a terminal, no longer than the terminal is wide, and removes it at the end", () => {
  const screen = new Screen(true, 20);
  const display = new ProgressDisplay(screen);
  display.update("id", view, [{ type: "turn-started", atMs: 1, turn: 2 }]);
  expect(screen.text).toBe("\r\u001b[Kturn 2/10 · waiting");
  display[Symbol.dispose]();
  expect(screen.text.endsWith("\r\u001b[K")).toBe(true);
  expect(screen.text).not.toContain("\n");
});

it("keeps quiet with --json but for a run that waits for a person", () => {
  const screen = new Screen(false);
  using display = new ProgressDisplay(screen, true);
  display.update("id", view, events);
  expect(screen.text).toBe("blocked (credentials): key refused\nMend it, then: rlm retry id\n");
});

it("tells in one line where a run stands", () => {
  expect(describeState({ ...view, inFlight: { 1: { activity: "planTurn", sinceMs: 1 } } }, 62_000)).toBe("turn 2/10 · root model · 7/50 sub-calls · 1 min 1 s");
  expect(describeState({ ...view, suspension: { seq: 0, count: 100, settled: 40 } }, 1500)).toBe("turn 2/10 · 40 of 100 calls answered · 7/50 sub-calls · 500 ms");
  expect(describeState({ ...view, status: "blocked", reason: "quota" }, 1500)).toContain("blocked (quota)");
});
