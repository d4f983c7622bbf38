import { BUDGET_UPDATE, PAUSE_UPDATE, RESUME_UPDATE, STEER_UPDATE, type BudgetRequest, type ControlRequest, type SteerRequest } from "./control-wire.js";
import type { HistoryFact } from "./history-fact.js";
import type { Folded, RunView } from "./run-view.js";

type Accepted = Extract<HistoryFact, { type: "update-accepted" }>;

/** Takes an operator's request into the view. It was validated by the workflow. */
export function foldControl(view: RunView, { update, request, atMs }: Accepted): Folded {
  switch (update) {
    case PAUSE_UPDATE: {
      const { by, why } = request as ControlRequest;
      if (view.paused !== null) return { view, progress: [] };
      return { view: openStatus({ ...view, paused: { by, why } }), progress: [{ type: "paused", atMs, by, why }] };
    }
    case RESUME_UPDATE: {
      const { by, why } = request as ControlRequest;
      if (view.paused === null) return { view, progress: [] };
      return { view: openStatus({ ...view, paused: null }), progress: [{ type: "resumed", atMs, by, why }] };
    }
    case STEER_UPDATE: {
      const { by, why, textRef } = request as SteerRequest;
      return { view, progress: [{ type: "steered", atMs, by, why, textRef }] };
    }
    case BUDGET_UPDATE: {
      const { by, why, limits } = request as BudgetRequest;
      const { maxLlmCalls = view.maxLlmCalls, maxIterations = view.maxIterations } = limits;
      return { view: { ...view, maxLlmCalls, maxIterations }, progress: [{ type: "budget-changed", atMs, by, why, limits }] };
    }
    default:
      return { view, progress: [] };
  }
}

/** The status of an open run that is not blocked. */
export function openStatus(view: RunView): RunView {
  if (view.status === "blocked") return view;
  return view.paused === null ? { ...view, status: "running", reason: null } : { ...view, status: "paused", reason: view.paused.why };
}
