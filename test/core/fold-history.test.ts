import { describe, expect, it } from "vitest";
import { foldHistory } from "../../src/core/fold-history.js";
import type { HistoryFact } from "../../src/core/history-fact.js";
import type { RunProgress } from "../../src/core/run-progress.js";
import { EMPTY_VIEW, type RunView } from "../../src/core/run-view.js";
import { initialState } from "../../src/core/run-state.js";
import { NO_USAGE, type Usage } from "../../src/core/usage.js";
import type { RunInput } from "../../src/core/wire.js";

const ref = (name: string) => ({ digest: name, bytes: 1 });
const usage: Usage = { inputTokens: 10, outputTokens: 2, cachedTokens: 0, costUsd: 0.5 };
const input = {
  v: 1, runUid: "uid", specRef: ref("spec"), queues: { workflow: "w", llm: "l", repl: "r" },
  limits: { maxIterations: 10, maxLlmCalls: 50 },
} as unknown as RunInput;

/** Hands out activity ids and times, so that a test reads like the run. */
class Story {
  facts: HistoryFact[] = [];
  #atMs = 0;
  add(fact: DistributiveOmit<HistoryFact, "atMs">): this {
    this.facts.push({ ...fact, atMs: (this.#atMs += 10) });
    return this;
  }
  start = (more: Partial<RunInput> = {}, runId = "run1") => this.add({ type: "run-started", runId, input: { ...input, ...more } });
  schedule = (id: string, activity: string, args: unknown = {}) => this.add({ type: "activity-scheduled", id, activity, args });
  complete = (id: string, result: unknown) => this.add({ type: "activity-completed", id, result });
  fail = (id: string, kind: string, detail: unknown = null) => this.add({ type: "activity-failed", id, failure: { kind, message: `${kind} happened`, detail } });
  fold(view: RunView = EMPTY_VIEW): { view: RunView; progress: RunProgress[] } {
    const progress: RunProgress[] = [];
    for (const fact of this.facts) {
      const folded = foldHistory(view, fact);
      view = folded.view;
      progress.push(...folded.progress);
    }
    return { view, progress };
  }
}
type DistributiveOmit<T, K extends keyof T> = T extends unknown ? Omit<T, K> : never;

const suspended = (seq: number, count: number) => ({ status: "suspended", sessionQueue: "q", seq, pack: ref(`pack${seq}`), counts: { llm: count, tool: 0, rlm: 0 } });
const finished = (outputs: boolean) => ({ status: "finished", sessionQueue: "q", snapshotRef: ref("snap"), trajectoryRef: ref("turn1"), outputsRef: outputs ? ref("out") : null });

function toPlanned(): Story {
  return new Story().start()
    .schedule("1", "beginRun").complete("1", { sessionQueue: "q", snapshotRef: ref("snap0"), variablesRef: ref("vars") })
    .schedule("2", "planTurn", { turn: 1 }).complete("2", { planRef: ref("plan1"), hasCode: true, trajectoryRef: null, usage });
}

describe("the fold of a run's history", () => {
  it("follows a whole run: plan, a suspension of two calls, the answer", () => {
    const { view, progress } = toPlanned()
      .schedule("3", "executeCell", { turn: 1, epoch: 1 }).complete("3", suspended(0, 2))
      .schedule("4", "callLlm").schedule("5", "callLlm")
      .complete("4", { failed: false, usage }).complete("5", { failed: true, usage: NO_USAGE })
      .schedule("6", "resumeCell").complete("6", finished(true))
      .schedule("7", "closeRun").complete("7", {})
      .add({ type: "run-completed", outcome: { status: "answered", reason: null, outputsRef: ref("out"), manifestRef: ref("m"), turns: 1, llmCalls: 1, usage } })
      .fold();
    expect(progress.map(({ type }) => type)).toEqual([
      "started", "inputs-ready", "turn-started", "turn-planned", "cell-suspended", "calls-answered", "calls-answered", "turn-finished", "closed",
    ]);
    expect(view).toMatchObject({ status: "answered", turn: 1, llmCalls: 1, failedCalls: 1, startedAtMs: 10, outputsRef: ref("out"), inFlight: {} });
    expect(view.closedAtMs).toBe(160);
  });

  const overlapped = () => toPlanned()
    .schedule("3", "executeCell", { turn: 1, planRef: ref("plan1"), trajectoryRef: null, journal: null }).complete("3", { ...finished(false), snapshotRef: null })
    .schedule("4", "commitSnapshot", { turn: 1 }).schedule("5", "planTurn", { turn: 2 }).complete("5", { planRef: ref("plan2"), hasCode: true, trajectoryRef: null, usage });

  it("knows the newest state of a run when it is durable, not when the cell has ended", () => {
    expect(overlapped().fold().view).toMatchObject({ turn: 2, snapshotRef: ref("snap0"), uncommitted: true, planRef: ref("plan2"), trajectoryRef: ref("turn1") });
    expect(overlapped().complete("4", { snapshotRef: ref("snap1") }).fold().view).toMatchObject({ turn: 2, snapshotRef: ref("snap1"), uncommitted: false, planRef: ref("plan2") });
  });

  it("goes back to a turn that is lost before it is committed, and counts the same plan once", () => {
    const lost = overlapped().fail("4", "SessionNotFound").schedule("6", "executeCell", { turn: 1, planRef: ref("plan1"), trajectoryRef: null, journal: { packHead: ref("pack0"), suspensions: 1 } });
    expect(lost.fold().view).toMatchObject({ turn: 1, planRef: ref("plan1"), trajectoryRef: null, packHead: ref("pack0"), rebuilds: 1, uncommitted: false });
    const again = lost.complete("6", finished(false)).schedule("7", "planTurn", { turn: 2 }).complete("7", { planRef: ref("plan2"), hasCode: true, trajectoryRef: null, usage });
    expect(again.fold().view).toMatchObject({ turn: 2, usage: { inputTokens: 20, costUsd: 1 }, trajectoryRef: ref("turn1"), planRef: ref("plan2") });
  });

  it("shows a suspension's progress and keeps its pack until the turn ends", () => {
    const story = toPlanned().schedule("3", "executeCell", { turn: 1 }).complete("3", suspended(0, 100))
      .schedule("4", "callLlmSlice").complete("4", { answered: 20, failed: 1, retry: [3, 4], retryAfterMs: 10, usage });
    expect(story.fold().view).toMatchObject({ suspension: { seq: 0, count: 100, settled: 21 }, packHead: ref("pack0"), planRef: ref("plan1"), llmCalls: 20 });
    story.schedule("5", "resumeCell");
    expect(story.fold().view).toMatchObject({ suspension: null, packHead: ref("pack0") });
    story.complete("5", finished(false));
    expect(story.fold().view).toMatchObject({ packHead: null, planRef: null, trajectoryRef: ref("turn1") });
  });

  it("takes a fused step as a call and a step", () => {
    const { view, progress } = toPlanned().schedule("3", "executeCell", { turn: 1 }).complete("3", suspended(0, 1))
      .schedule("4", "callAndResume").complete("4", { call: { failed: false, usage }, step: suspended(1, 1) }).fold();
    expect(view).toMatchObject({ llmCalls: 1, suspension: { seq: 1, count: 1, settled: 0 } });
    expect(progress.slice(-2)).toMatchObject([{ type: "calls-answered", answered: 1, llmCalls: 1 }, { type: "cell-suspended", seq: 1 }]);
  });

  it("is blocked from a Blocked failure until the next activity is scheduled", () => {
    const story = new Story().start().schedule("1", "planTurn", { turn: 1 }).fail("1", "Blocked", { kind: "credentials" });
    expect(story.fold().view).toMatchObject({ status: "blocked", reason: "credentials" });
    const { view, progress } = story.schedule("2", "planTurn", { turn: 1 }).fold();
    expect(view).toMatchObject({ status: "running", reason: null });
    expect(progress.map(({ type }) => type)).toEqual(["started", "turn-started", "blocked", "unblocked"]);
  });

  it("tells a rebuild when the same cell is executed again", () => {
    const { view, progress } = toPlanned().schedule("3", "executeCell", { turn: 1 }).fail("3", "Timeout").schedule("4", "executeCell", { turn: 1 }).fold();
    expect(view).toMatchObject({ rebuilds: 1, status: "running" });
    expect(progress.at(-1)).toMatchObject({ type: "rebuilding", turn: 1 });
  });

  it("ends the turn of a reply without code", () => {
    const { view, progress } = new Story().start().schedule("1", "planTurn", { turn: 1 })
      .complete("1", { planRef: ref("p"), hasCode: false, trajectoryRef: ref("t"), usage }).fold();
    expect(view).toMatchObject({ trajectoryRef: ref("t"), planRef: null });
    expect(progress.at(-1)).toMatchObject({ type: "turn-finished", turn: 1, submitted: false });
  });

  it("goes on over continue-as-new, and can begin in the middle of a chain", () => {
    const state = { ...initialState(5), turn: 4, calls: { answered: 9, inFlight: 0, failed: 1 }, usage };
    const chain = toPlanned().add({ type: "run-continued", nextRunId: "run2" }).start({ state }, "run2");
    expect(chain.fold().view).toMatchObject({ runId: "run2", turn: 1, startedAtMs: 10 });
    expect(new Story().start({ state }, "run2").fold().view).toMatchObject({ runId: "run2", turn: 4, llmCalls: 9, failedCalls: 1, startedAtMs: 5 });
  });

  it("knows a failed, a cancelled and a terminated run", () => {
    expect(new Story().start().add({ type: "run-failed", message: "boom" }).fold().view).toMatchObject({ status: "failed", reason: "boom" });
    expect(new Story().start().add({ type: "cancel-requested" }).add({ type: "run-cancelled" }).fold().view).toMatchObject({ status: "cancelled", cancelRequested: true });
  });

  it("leaves the view as it is for activities it does not know", () => {
    const before = toPlanned().fold().view;
    const { view } = new Story().schedule("9", "brandNew").complete("9", { anything: 1 }).fold(before);
    expect({ ...view, inFlight: {} }).toEqual(before);
  });

  it("shows what operators ask, and that a paused run that is blocked is paused again when the wall is gone", () => {
    const ann = { by: "ann", why: "quota" };
    const story = toPlanned().add({ type: "update-accepted", update: "pause", request: ann });
    expect(story.fold().view).toMatchObject({ status: "paused", reason: "quota", paused: ann });
    story.fail("3", "Blocked", { kind: "store", message: "full" });
    expect(story.fold().view).toMatchObject({ status: "blocked", reason: "store" });
    story.schedule("4", "executeCell", { turn: 1 });
    expect(story.fold().view).toMatchObject({ status: "paused", reason: "quota" });
    story.add({ type: "update-accepted", update: "budget", request: { ...ann, limits: { maxLlmCalls: 99 } } });
    story.add({ type: "update-accepted", update: "resume", request: { by: "bob", why: null } });
    const { view, progress } = story.fold();
    expect(view).toMatchObject({ status: "running", reason: null, maxLlmCalls: 99, maxIterations: 10, paused: null });
    expect(progress.slice(-2)).toMatchObject([{ type: "budget-changed", by: "ann" }, { type: "resumed", by: "bob" }]);
  });
});
