/**
 * What people and programs ask of a running workflow. Every request is a Temporal update: validated before it is taken, acknowledged when it is,
 * and kept in the history with who asked and why.
 */
import type { BlobRef } from "./blob-ref.js";
import type { RunLimits } from "./run-limits.js";

/** Update without argument of interest: try a blocked run again now. */
export const RETRY_UPDATE = "retry";
/** Update, `ControlRequest`: stop before the next step; calls under way are finished and kept. */
export const PAUSE_UPDATE = "pause";
/** Update, `ControlRequest`: go on. */
export const RESUME_UPDATE = "resume";
/** Update, `SteerRequest`: a message that the root model sees in its next turn. */
export const STEER_UPDATE = "steer";
/** Update, `BudgetRequest`: other limits from the next step on. */
export const BUDGET_UPDATE = "budget";
/** Query: the state as `rlm show` prints it; needs a worker. */
export const STATUS_QUERY = "status";

/** Who asks and why; recorded in the history. */
export interface ControlRequest {
  /** A person or program, e.g. `ann@build-7`. */
  readonly by: string;
  readonly why: string | null;
}

export interface SteerRequest extends ControlRequest {
  /** The text, UTF-8. A blob: what operators write is as confidential as the inputs. */
  readonly textRef: BlobRef;
}

export interface BudgetRequest extends ControlRequest {
  readonly limits: BudgetChange;
}

/** Limits that may change while a run is open; the others are part of what the session and the prompts were made for. */
export const BUDGET_LIMITS = ["maxIterations", "maxLlmCalls", "maxConcurrency", "maxTokens", "budgetUsd", "timeoutMs", "onLimit"] as const;
export type BudgetChange = Partial<Pick<RunLimits, (typeof BUDGET_LIMITS)[number]>>;

/** The answer to a request. */
export interface ControlAck {
  /** False: the run was in that state already. */
  readonly changed: boolean;
}

/** Longest text of a steering message, in bytes. It is part of every later prompt. */
export const MAX_STEER_BYTES = 32 * 1024;
/** Messages that wait for the next turn at most; they travel with the state. */
export const MAX_WAITING_STEERS = 4;
/** Longest `by` and `why`, in characters. */
export const MAX_CONTROL_TEXT_CHARS = 200;

/** What operators have asked of the run, as far as it is still to be heeded. Carried over continue-as-new. */
export interface ControlState {
  readonly paused: ControlRequest | null;
  /** Messages for the next turn, oldest first. */
  readonly steers: readonly SteerRequest[];
}

export const NO_CONTROL: ControlState = { paused: null, steers: [] };

export interface StatusView {
  readonly status: "running" | "paused" | "blocked";
  readonly reason: string | null;
  readonly turn: number;
  readonly llmCalls: number;
  readonly epoch: number;
  readonly rebuilds: number;
}
