import type { RunInput, RunOutcome } from "./wire.js";

/**
 * One event of a run's Temporal history, decoded and reduced to what a reader of runs needs. The history is the only source that is complete with
 * no worker up; see run-view.ts for what is made of it.
 */
export type HistoryFact = { readonly atMs: number } & (
  | { readonly type: "run-started"; readonly runId: string; readonly input: RunInput }
  | { readonly type: "activity-scheduled"; readonly id: string; readonly activity: string; readonly args: unknown }
  | { readonly type: "activity-completed"; readonly id: string; readonly result: unknown }
  | { readonly type: "activity-failed"; readonly id: string; readonly failure: FailureFact }
  | { readonly type: "cancel-requested" }
  /** A child run (`rlm_query`), a workflow with a history of its own. */
  | { readonly type: "child-started"; readonly workflowId: string }
  | { readonly type: "child-closed"; readonly workflowId: string }
  /** An operator's request that the workflow has taken (control-wire.ts). */
  | { readonly type: "update-accepted"; readonly update: string; readonly request: unknown }
  /** Memo entries that the workflow wrote while it ran. */
  | { readonly type: "memo-changed"; readonly memo: Readonly<Record<string, unknown>> }
  | { readonly type: "run-completed"; readonly outcome: RunOutcome }
  | { readonly type: "run-failed"; readonly message: string }
  | { readonly type: "run-cancelled" }
  | { readonly type: "run-continued"; readonly nextRunId: string }
);

/** Why an activity did not complete. `kind`: the type of its ApplicationFailure, else `Timeout` or `Cancelled`. */
export interface FailureFact {
  readonly kind: string;
  readonly message: string;
  /** First detail of the failure; `BlockedDetails` of a `Blocked` (failure-types.ts). */
  readonly detail: unknown;
}
