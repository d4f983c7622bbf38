/** What travels for child runs. JSON only, refs instead of bytes, as in wire.ts. */
import type { BlobRef } from "./blob-ref.js";
import type { ControlRequest } from "./control-wire.js";
import type { BlockedDetails } from "./failure-types.js";
import type { RunLimits } from "./run-limits.js";
import type { Usage } from "./usage.js";
import type { RunKey } from "./wire.js";

/** One `rlm_query` of a suspension. */
export interface ChildCall {
  readonly run: RunKey;
  readonly turn: number;
  readonly pack: BlobRef;
  readonly index: number;
}

export interface PrepareChildArgs extends ChildCall {
  readonly specRef: BlobRef;
  /** The child's part of the budget. */
  readonly limits: RunLimits;
}

export type PrepareChildResult =
  /** The call was answered before: its outcome is in the store. */
  | { readonly settled: SettledChild }
  | { readonly settled: null; readonly child: NewChild };

export interface NewChild {
  /** Derived from the call key: however often the start is tried, there is one child. */
  readonly workflowId: string;
  readonly runUid: string;
  readonly specRef: BlobRef;
  /** For lists of runs. */
  readonly signature: string;
}

export interface SettleChildArgs extends ChildCall {
  readonly workflowId: string;
  /** Why the child ended without leaving a manifest, if it did; `null`: it left one, or will. */
  readonly lost: string | null;
  /** Sub-calls that were reserved for it. One that vanished counts as having used them all. */
  readonly reserved: number;
}

/** What a child used of the tree's budget. */
export interface SettledChild {
  /** It gave no answer. */
  readonly failed: boolean;
  /** Answered sub-calls of the child and of its own children. */
  readonly llmCalls: number;
  readonly failedCalls: number;
  readonly toolCalls: number;
  readonly usage: Usage;
}

/** Signal from child to parent, `ChildBlocked`. */
export const CHILD_BLOCKED_SIGNAL = "childBlocked";

/** A child waits for a person, or (`null`) does not any more. */
export interface ChildBlocked {
  readonly workflowId: string;
  readonly details: BlockedDetails | null;
}

/** Signal from parent to child, `ParentWord`. */
export const PARENT_SIGNAL = "fromParent";

/** What an operator said to the parent and means its children too. */
export type ParentWord = { readonly say: "retry" } | { readonly say: "pause"; readonly request: ControlRequest } | { readonly say: "resume" };
