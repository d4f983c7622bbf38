import type { BlobRef } from "./blob-ref.js";
import type { BudgetChange } from "./control-wire.js";
import type { RunStatus } from "./result.js";

/** What `rlm watch --json` prints, one object a line. Names are stable (docs/cli-json.md). */
export type RunProgress = { readonly atMs: number } & (
  | { readonly type: "started"; readonly runId: string }
  /** The inputs are variables in the sandbox. */
  | { readonly type: "inputs-ready" }
  | { readonly type: "turn-started"; readonly turn: number }
  /** The root model has answered; `planRef` names what it said. */
  | { readonly type: "turn-planned"; readonly turn: number; readonly planRef: BlobRef; readonly hasCode: boolean }
  /** The cell has stopped at `count` calls, of models or tools. */
  | { readonly type: "cell-suspended"; readonly turn: number; readonly seq: number; readonly count: number }
  | { readonly type: "calls-answered"; readonly turn: number; readonly answered: number; readonly failed: number; readonly llmCalls: number }
  /** One of the user's tools has returned, or failed for good. */
  | { readonly type: "tool-returned"; readonly turn: number; readonly tool: string; readonly failed: boolean }
  /** A child run (`rlm_query`) has begun or ended; `rlm watch` and `rlm trajectory` take its id. */
  | { readonly type: "child-started"; readonly turn: number; readonly workflowId: string }
  | { readonly type: "child-closed"; readonly turn: number; readonly workflowId: string }
  /** A session was lost; the cell goes on in a new one, from the snapshot and the journal. */
  | { readonly type: "rebuilding"; readonly turn: number }
  | { readonly type: "turn-finished"; readonly turn: number; readonly trajectoryRef: BlobRef; readonly submitted: boolean }
  | { readonly type: "extracting"; readonly attempt: number }
  /** A person must act; then `rlm retry`. */
  | { readonly type: "blocked"; readonly reason: string; readonly message: string }
  | { readonly type: "unblocked" }
  /** An activity failed and will be tried again by itself. Not part of the history: seen in the pending activities. */
  | { readonly type: "retrying"; readonly activity: string; readonly attempt: number; readonly message: string }
  | { readonly type: "cancel-requested" }
  /** An operator's requests; `by` asked. */
  | { readonly type: "paused"; readonly by: string; readonly why: string | null }
  | { readonly type: "resumed"; readonly by: string; readonly why: string | null }
  | { readonly type: "steered"; readonly by: string; readonly why: string | null; readonly textRef: BlobRef }
  | { readonly type: "budget-changed"; readonly by: string; readonly why: string | null; readonly limits: BudgetChange }
  | { readonly type: "closed"; readonly status: RunStatus; readonly reason: string | null }
);
