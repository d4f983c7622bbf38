import { foldControl } from "./fold-control.js";
import { foldCompleted, foldScheduled } from "./fold-activity.js";
import { foldChild, foldUnblocked } from "./fold-children.js";
import { FAILURE, type BlockedDetails } from "./failure-types.js";
import type { FailureFact, HistoryFact } from "./history-fact.js";
import { totalUsage } from "./run-state.js";
import type { Folded, RunView } from "./run-view.js";
import type { RunInput } from "./wire.js";

/**
 * Takes one more fact of the history into the view. Pure; facts come in history order, over the whole continue-as-new chain. Facts that it does
 * not know leave the view as it is: a newer workflow must stay readable.
 */
export function foldHistory(view: RunView, fact: HistoryFact): Folded {
  switch (fact.type) {
    case "run-started":
      return started(view, fact.atMs, fact.runId, fact.input);
    case "activity-scheduled":
      return foldScheduled(view, fact);
    case "activity-completed":
      return foldCompleted(view, fact);
    case "activity-failed":
      return activityFailed(withoutActivity(view, fact.id), fact.atMs, fact.failure);
    case "child-started":
    case "child-closed":
      return foldChild(view, fact);
    case "cancel-requested":
      return { view: { ...view, cancelRequested: true }, progress: [{ type: "cancel-requested", atMs: fact.atMs }] };
    case "update-accepted":
      return foldControl(view, fact);
    case "memo-changed": {
      const { blocked: why } = fact.memo as { readonly blocked?: BlockedDetails | null };
      if (why === null) return foldUnblocked(view, fact.atMs);
      return why === undefined || view.status === "blocked" ? { view, progress: [] } : blocked(view, fact.atMs, why);
    }
    case "run-continued":
      return { view, progress: [] };
    case "run-completed": {
      const { status, reason, outputsRef, turns, llmCalls, usage } = fact.outcome;
      return closed({ ...view, status, reason, outputsRef, turn: turns, llmCalls, usage }, fact.atMs);
    }
    case "run-failed":
      return closed({ ...view, status: "failed", reason: fact.message }, fact.atMs);
    case "run-cancelled":
      return closed({ ...view, status: "cancelled", reason: null }, fact.atMs);
  }
}

/** A view that starts in the middle of a chain (older runs are past retention) takes over what the run itself carried on. */
function started(view: RunView, atMs: number, runId: string, input: RunInput): Folded {
  const { state, limits } = input;
  const known = view.runId !== "";
  const carried: RunView =
    known || state === undefined
      ? view
      : {
          ...view,
          turn: state.turn,
          llmCalls: state.calls.answered,
          failedCalls: state.calls.failed,
          usage: totalUsage(state),
          variablesRef: state.variablesRef,
          trajectoryRef: state.trajectoryRef,
          snapshotRef: state.snapshotRef,
          paidPlans: state.unusedPlans.map(({ digest }) => digest),
          rebuilds: state.rebuilds,
          paused: input.control?.paused ?? null,
        };
  return {
    view: {
      ...carried,
      runId,
      runUid: input.runUid,
      specRef: input.specRef,
      queues: input.queues,
      startedAtMs: known ? view.startedAtMs : (state?.startedAtMs ?? atMs),
      maxLlmCalls: limits.maxLlmCalls,
      maxIterations: limits.maxIterations,
      inFlight: {},
    },
    progress: known ? [] : [{ type: "started", atMs, runId }],
  };
}

/** Lost sessions and retryable errors show by what is scheduled next; only a wall that a person must remove is told here. */
function activityFailed(view: RunView, atMs: number, failure: FailureFact): Folded {
  if (failure.kind !== FAILURE.blocked) return { view, progress: [] };
  return blocked(view, atMs, (failure.detail as BlockedDetails | null) ?? { kind: "store", message: failure.message });
}

function blocked(view: RunView, atMs: number, { kind, message }: BlockedDetails): Folded {
  return { view: { ...view, status: "blocked", reason: kind }, progress: [{ type: "blocked", atMs, reason: kind, message }] };
}

function closed(view: RunView, atMs: number): Folded {
  return {
    view: { ...view, closedAtMs: atMs, inFlight: {}, suspension: null, planRef: null },
    progress: [{ type: "closed", atMs, status: view.status, reason: view.reason }],
  };
}

function withoutActivity(view: RunView, id: string): RunView {
  const { [id]: _gone, ...inFlight } = view.inFlight;
  return { ...view, inFlight };
}
