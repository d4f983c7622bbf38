import { totalCalls } from "./call-counts.js";
import { openStatus } from "./fold-control.js";
import type { HistoryFact } from "./history-fact.js";
import type { RunProgress } from "./run-progress.js";
import type { Folded, RunView } from "./run-view.js";
import { addUsage, type Usage } from "./usage.js";
import type { CallAndResumeResult, CallResult, CallSliceResult, CallToolResult } from "./call-wire.js";
import type { CommitResult } from "./commit-wire.js";
import type { ExtractArgs, ExtractResult, PlanArgs, PlanResult } from "./root-call-wire.js";
import type { BeginResult, ExecuteArgs, StepResult } from "./wire.js";

type Scheduled = Extract<HistoryFact, { type: "activity-scheduled" }>;
type Completed = Extract<HistoryFact, { type: "activity-completed" }>;

/** They only ask, and move nothing: a run that waits for a worker goes on waiting. */
const QUESTIONS: ReadonlySet<string> = new Set(["workerIsHere", "watchSession"]);

/** Takes the start of an activity into the view. Its arguments are trusted: the workflow wrote them. */
export function foldScheduled(before: RunView, { id, activity, args, atMs }: Scheduled): Folded {
  if (QUESTIONS.has(activity)) return { view: before, progress: [] };
  const progress: RunProgress[] = [];
  let view: RunView = { ...before, inFlight: { ...before.inFlight, [id]: { activity, sinceMs: atMs } } };
  if (view.status === "blocked" && activity !== "closeRun") {
    view = openStatus({ ...view, status: "running", reason: null });
    progress.push({ type: "unblocked", atMs });
  }
  switch (activity) {
    case "planTurn": {
      const { turn } = args as PlanArgs;
      if (turn > view.turn) progress.push({ type: "turn-started", atMs, turn });
      view = { ...view, turn, planRef: null, suspension: null, packHead: null };
      break;
    }
    case "executeCell": {
      const { turn, planRef, trajectoryRef, journal } = args as ExecuteArgs;
      if (turn === view.cellTurn) {
        // A turn that is lost before it is committed has been told as finished, and the next one as begun.
        view = { ...view, rebuilds: view.rebuilds + 1, turn, planRef, trajectoryRef, packHead: journal?.packHead ?? null, uncommitted: false };
        progress.push({ type: "rebuilding", atMs, turn });
      } else view = { ...view, paidPlans: [] };
      view = { ...view, cellTurn: turn, suspension: null };
      break;
    }
    case "resumeCell":
      view = { ...view, suspension: null };
      break;
    case "extractOutputs":
      progress.push({ type: "extracting", atMs, attempt: (args as ExtractArgs).attempt });
      break;
  }
  return { view, progress };
}

/** Takes the result of an activity into the view. */
export function foldCompleted(before: RunView, { id, result, atMs }: Completed): Folded {
  const { [id]: finished, ...inFlight } = before.inFlight;
  const view: RunView = { ...before, inFlight };
  switch (finished?.activity) {
    case "beginRun": {
      const { variablesRef, snapshotRef } = result as BeginResult;
      return { view: { ...view, variablesRef, snapshotRef }, progress: [{ type: "inputs-ready", atMs }] };
    }
    case "planTurn":
      return planned(view, result as PlanResult, atMs);
    case "executeCell":
    case "resumeCell":
      return stepped(view, result as StepResult, atMs);
    case "callLlm": {
      const { failed, usage } = result as CallResult;
      return called(view, { answered: failed ? 0 : 1, failed: failed ? 1 : 0, usage }, atMs);
    }
    case "callTool":
      return toolCalled(view, result as CallToolResult, atMs);
    case "callLlmSlice":
      return called(view, result as CallSliceResult, atMs);
    case "callAndResume": {
      const { call, step } = result as CallAndResumeResult;
      const first = called(view, { answered: call.failed ? 0 : 1, failed: call.failed ? 1 : 0, usage: call.usage }, atMs);
      const second = stepped(first.view, step, atMs);
      return { view: second.view, progress: [...first.progress, ...second.progress] };
    }
    case "commitSnapshot":
      return { view: { ...view, snapshotRef: (result as CommitResult).snapshotRef, uncommitted: false }, progress: [] };
    case "extractOutputs":
      return { view: { ...view, usage: addUsage(view.usage, (result as ExtractResult).usage) }, progress: [] };
    default:
      return { view, progress: [] };
  }
}

function planned(view: RunView, plan: PlanResult, atMs: number): Folded {
  const { turn } = view;
  const { digest } = plan.planRef;
  const usage = view.paidPlans.includes(digest) ? view.usage : addUsage(view.usage, plan.usage);
  const paidPlans = [...view.paidPlans, digest];
  const told: RunProgress = { type: "turn-planned", atMs, turn, planRef: plan.planRef, hasCode: plan.hasCode };
  if (plan.hasCode || plan.trajectoryRef === null) return { view: { ...view, usage, paidPlans, planRef: plan.planRef }, progress: [told] };
  const { trajectoryRef } = plan;
  return {
    view: { ...view, usage, paidPlans, planRef: null, trajectoryRef },
    progress: [told, { type: "turn-finished", atMs, turn, trajectoryRef, submitted: false }],
  };
}

function stepped(view: RunView, step: StepResult, atMs: number): Folded {
  const { turn } = view;
  if (step.status === "suspended") {
    const { seq, counts, pack } = step;
    const count = totalCalls(counts);
    return { view: { ...view, packHead: pack, suspension: { seq, count, settled: 0 } }, progress: [{ type: "cell-suspended", atMs, turn, seq, count }] };
  }
  const { snapshotRef, trajectoryRef, outputsRef } = step;
  return {
    view: { ...view, snapshotRef: snapshotRef ?? view.snapshotRef, uncommitted: snapshotRef === null, trajectoryRef, outputsRef, planRef: null, packHead: null, suspension: null },
    progress: [{ type: "turn-finished", atMs, turn, trajectoryRef, submitted: outputsRef !== null }],
  };
}

function called(view: RunView, { answered, failed, usage }: { answered: number; failed: number; usage: Usage }, atMs: number): Folded {
  const llmCalls = view.llmCalls + answered;
  const suspension = view.suspension && { ...view.suspension, settled: view.suspension.settled + answered + failed };
  return {
    view: { ...view, llmCalls, failedCalls: view.failedCalls + failed, usage: addUsage(view.usage, usage), suspension },
    progress: answered + failed === 0 ? [] : [{ type: "calls-answered", atMs, turn: view.turn, answered, failed, llmCalls }],
  };
}

function toolCalled(view: RunView, { tool, failed }: CallToolResult, atMs: number): Folded {
  const suspension = view.suspension && { ...view.suspension, settled: view.suspension.settled + 1 };
  return { view: { ...view, suspension }, progress: [{ type: "tool-returned", atMs, turn: view.turn, tool, failed }] };
}
