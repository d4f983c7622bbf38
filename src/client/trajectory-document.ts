import type { CallKind } from "../core/call-counts.js";
import type { CallRetries } from "../core/trajectory.js";
import type { Usage } from "../core/usage.js";

/** What `rlm trajectory --json` prints. Field names are stable (docs/cli-json.md). */
export interface TrajectoryDocument {
  readonly workflowId: string;
  readonly turns: readonly TrajectoryTurn[];
}

export interface TrajectoryTurn {
  readonly turn: number;
  readonly reasoning: string;
  /** `null`: the reply held no code. */
  readonly code: string | null;
  /** What the model saw of it; `null` while the cell still runs. */
  readonly observation: string | null;
  readonly calls: readonly TrajectoryCall[];
  /** The root call, and the summary of older turns if one was made for it. */
  readonly root: { readonly model: string; readonly usage: Usage };
  /** The root call and the calls of the cell. */
  readonly usage: Usage;
  /** From the root call to the end of the turn; `null` while it runs. */
  readonly ms: number | null;
}

export interface TrajectoryCall {
  /** In program order, from 0, over the whole turn. */
  readonly index: number;
  readonly kind: CallKind;
  /** `null` for a call to a tool. */
  readonly model: string | null;
  /** Name of the tool; `null` for a sub-call. */
  readonly tool: string | null;
  /** The arguments of a tool, as JSON; the task of a child run. */
  readonly prompt: string;
  /** `null`: it failed, was refused, or is not answered yet. What a tool or a child run returned is JSON. */
  readonly reply: string | null;
  readonly error: { readonly kind: string; readonly message: string } | null;
  /** Of a child run: all that it and its own children used. */
  readonly usage: Usage;
  readonly ms: number;
  /** Tries before the one that gave the outcome, and repairs of a reply that did not fit its schema. */
  readonly retries: CallRetries;
  /** Set for a child run (`kind: "rlm"`) that has begun. */
  readonly child: TrajectoryChild | null;
}

export interface TrajectoryChild {
  readonly workflowId: string;
  /** `null`: not over yet. */
  readonly status: "answered" | "degraded" | "failed" | "cancelled" | null;
  readonly turns: readonly TrajectoryTurn[];
}
