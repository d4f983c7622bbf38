import type { Usage } from "./usage.js";

/**
 * Something that a worker has just done, for metrics, traces and logs. Facts come from activities, never from workflows: a replay repeats none. A worker
 * that is killed between an act and its commit has told it, and the next one tells it again; ids are the same then.
 */
export type WorkFact = ModelCallFact | ToolCallFact | TurnFact | SnapshotFact | SessionFact | RunClosedFact;

/** Receives facts at once, in the activity that they arise in; must not throw, and not wait. */
export type Observe = (fact: WorkFact) => void;

interface OfRun {
  readonly runUid: string;
  /** From 1. */
  readonly turn: number;
}

interface Timed {
  readonly startedAtMs: number;
  readonly durationMs: number;
}

/** One request that was sent to a model server. A call that is tried again is one fact each time. */
export interface ModelCallFact extends OfRun, Timed {
  readonly type: "model-call";
  readonly callKey: string;
  /** As the run names it. */
  readonly model: string;
  /** As the server named it in its answer. */
  readonly responseModel: string | null;
  readonly role: "root" | "sub";
  /** `answered`, or the class of the error: `retryable`, `rejected`, `blocked`; `cancelled`: nobody waited any more. */
  readonly outcome: "answered" | "retryable" | "rejected" | "blocked" | "cancelled";
  /** Machine-readable cause of an error. */
  readonly errorKind: string | null;
  readonly usage: Usage;
  readonly finishReason: string | null;
  /** Texts that were sent and received; only for who was told to record them. */
  readonly content: () => { readonly messages: readonly { readonly role: string; readonly content: string }[]; readonly answer: string | null };
}

/** One run of a tool of the user's. */
export interface ToolCallFact extends OfRun, Timed {
  readonly type: "tool-call";
  readonly callKey: string;
  readonly tool: string;
  readonly outcome: "returned" | "failed";
}

/** A turn whose record is durable. */
export interface TurnFact extends OfRun {
  readonly type: "turn";
  readonly end: "submitted" | "finished" | "no-code" | "sandbox-died";
  /** When its root model call was sent. */
  readonly startedAtMs: number;
  /** When its answer was there; the cell runs from here to the end. */
  readonly plannedAtMs: number;
  readonly finishedAtMs: number;
  /** Time in Python, without host calls; 0 where it is not known. */
  readonly cellMs: number;
}

export interface SnapshotFact extends Timed {
  readonly type: "snapshot";
  /** Compressed, as stored. */
  readonly bytes: number;
}

/** A sandbox that was made ready for a run: `new`, `restored` from its snapshot, or `rebuilt` by running turns again. */
export interface SessionFact extends Timed {
  readonly type: "session";
  readonly how: "new" | "restored" | "rebuilt";
}

export interface RunClosedFact {
  readonly type: "run-closed";
  readonly runUid: string;
  readonly status: "answered" | "degraded" | "failed" | "cancelled";
  readonly startedAtMs: number;
  readonly closedAtMs: number;
}
