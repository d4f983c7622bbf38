import { openStatus } from "./fold-control.js";
import type { HistoryFact } from "./history-fact.js";
import type { Folded, RunView } from "./run-view.js";

type ChildFact = Extract<HistoryFact, { type: "child-started" | "child-closed" }>;

/** Takes the beginning or the end of a child run into the view; what it used is counted when it is settled. */
export function foldChild(view: RunView, { type, atMs, workflowId }: ChildFact): Folded {
  const others = view.openChildren.filter((id) => id !== workflowId);
  const openChildren = type === "child-started" ? [...others, workflowId] : others;
  return { view: { ...view, openChildren }, progress: [{ type, atMs, turn: view.turn, workflowId }] };
}

/** The wall that this run or a child of it stood before is gone. Of a run's own walls the next activity tells as well; the first to tell counts. */
export function foldUnblocked(view: RunView, atMs: number): Folded {
  if (view.status !== "blocked") return { view, progress: [] };
  return { view: openStatus({ ...view, status: "running", reason: null }), progress: [{ type: "unblocked", atMs }] };
}
