import type { BlobRef } from "./blob-ref.js";
import type { BudgetView, CallRefusal, CellError } from "./cell.js";
import type { Usage } from "./usage.js";

/** Blob: what the root model said in one turn and what was made of it. Written before the cell runs. */
export interface PlanRecord {
  readonly v: 1;
  /** The run that made it: a fork shares the turns of its source, whose replies are stored under the source's uid. */
  readonly runUid: string;
  readonly turn: number;
  /** Messages of operators that the model saw before it replied, rendered. */
  readonly steers: readonly string[];
  /** Set when older turns were summarized before this turn's call: from here on the conversation begins with the summary. */
  readonly compaction: Compaction | null;
  /** The model's own text, whole. */
  readonly reply: string;
  /** The part of `reply` that stays in the conversation: up to the end of the executed block. */
  readonly keptReply: string;
  /** The text before the executed block. */
  readonly reasoning: string;
  /** The cell; `null` when the reply held none. */
  readonly code: string | null;
  /** Told to the model with the observation, e.g. that further blocks were ignored. */
  readonly notices: readonly string[];
  readonly model: string;
  readonly usage: Usage;
  readonly startedAtMs: number;
  readonly durationMs: number;
}

/** Turns of a long conversation, replaced by a summary in what the root model is sent. In the records and in `rlm_history` they stay whole. */
export interface Compaction {
  /** Turns 1 to this are summarized. */
  readonly throughTurn: number;
  readonly summary: string;
  /** Of the call that wrote it. */
  readonly usage: Usage;
}

/** Blob: one finished turn. Turns form a chain (`prev`), so that only the head travels through Temporal. */
export interface TurnRecord {
  readonly v: 1;
  readonly turn: number;
  readonly prev: BlobRef | null;
  readonly planRef: BlobRef;
  /** Output, value and traceback as the model sees them, truncated. */
  readonly observation: string;
  /** The whole user message that answers the reply: notices, observation, state line. Rendered once, so that the conversation only ever grows. */
  readonly message: string;
  readonly error: Pick<CellError, "type" | "message"> | null;
  /** Why `SUBMIT` was not accepted; empty when it was, or was not called. */
  readonly submitFaults: readonly string[];
  /** Newest pack of the cell's host calls; older ones hang on it. `null`: it made none. */
  readonly packHead: BlobRef | null;
  /**
   * State in which the cell began; `null` when no cell ran. The state it left is where the next cell began, or the run's newest: the record is written
   * before that state is (journal/state-after.ts).
   */
  readonly beforeRef: BlobRef | null;
  /** True: the cell came to its end, and its state was kept. False: no cell, or its sandbox died. */
  readonly committed: boolean;
  /** What running the cell again takes beside its plan and its packs, should the snapshot after it be lost; `null`: no cell, or its state was not kept. */
  readonly replay: CellReplay | null;
  readonly finishedAtMs: number;
  /** Python time of the cell. */
  readonly cellMs: number;
}

/** @see TurnRecord.replay */
export interface CellReplay {
  /** As of the cell's first start. */
  readonly budget: BudgetView;
  /** How the last of its suspensions was answered (journal/pack.ts has the others); `null`: it made none. */
  readonly lastAnswer: { readonly files: readonly string[]; readonly refused: CallRefusal | null; readonly llmCallsUsed: number } | null;
  /** Entropy and clocks that it read after that. */
  readonly tailReads: readonly (readonly ["entropy", string] | readonly ["date", number] | readonly ["monotonic", number])[];
}

/** Stored under a call's key: the one outcome that call will ever have. */
export interface StoredReply {
  readonly v: 1;
  readonly key: string;
  readonly outcome: ModelOutcome | ToolOutcome | { readonly error: { readonly kind: string; readonly message: string } };
  /** Model that answered; name of the tool. */
  readonly model: string;
  readonly usage: Usage;
  readonly startedAtMs: number;
  readonly durationMs: number;
  /** Set for a call that was a child run. */
  readonly child?: ChildOutcome;
  /** @default the first try was enough */
  readonly retries?: CallRetries;
}

/** Tries of a call that gave no outcome, as far as is known: a process that dies takes some of it along. */
export interface CallRetries {
  readonly count: number;
  /** Of the newest of them; `null`: it ended without a word, with its process. */
  readonly lastError: string | null;
}

export const NO_RETRIES: CallRetries = { count: 0, lastError: null };

/** How a child run ended, and what it used of the tree's budget. */
export interface ChildOutcome {
  readonly workflowId: string;
  readonly status: "answered" | "degraded" | "failed" | "cancelled";
  readonly reason: string | null;
  readonly llmCalls: number;
  readonly failedCalls: number;
  readonly toolCalls: number;
}

export interface ModelOutcome {
  readonly text: string;
  readonly finishReason: "stop" | "length" | "content_filter" | "other";
}

/** What a tool returned, as JSON text; a long one lies in a blob of its own. */
export type ToolOutcome = { readonly json: string } | { readonly jsonRef: BlobRef };
