import type { BlobRef } from "./blob-ref.js";
import type { CallCounts } from "./call-counts.js";
import type { BudgetView, CallRefusal } from "./cell.js";
import { addUsage, NO_USAGE, type Usage } from "./usage.js";
import type { JournalRef } from "./wire.js";

/**
 * Where a run stands.
 *
 * ```
 * begin ─► plan ─► execute ─► call ─► resume ─► (call | plan | close)
 *            ▲        │  ▲______________│ session lost: execute again with the journal
 *            └────────┘ finished without an accepted SUBMIT; `commit` in between when the snapshot is still being written
 *          plan ─► extract ─► close          limit reached
 * ```
 */
export type Phase =
  | { readonly at: "begin" }
  | { readonly at: "plan" }
  | { readonly at: "execute"; readonly cell: Cell }
  /** `cell: null`: the calls of a strategy without a sandbox; the next turn reads their replies. */
  | { readonly at: "call"; readonly cell: Cell | null; readonly pending: PendingCalls }
  | { readonly at: "resume"; readonly cell: Cell; readonly seq: number; readonly refused: CallRefusal | null }
  /** The cell has ended, its snapshot is being written: until that is durable the turn does not count, and is run again if the session is lost. */
  | { readonly at: "commit"; readonly cell: Cell; readonly trajectoryRef: BlobRef }
  | { readonly at: "extract"; readonly reason: LimitReason; readonly attempt: number }
  | { readonly at: "close"; readonly status: "answered" | "degraded" | "failed"; readonly reason: string | null; readonly outputsRef: BlobRef | null };

/** Limits whose end leads to an extract. */
export type LimitReason = "iterations" | "tokens" | "budget" | "budget: cost unknown" | "timeout";

/** The cell of the current turn. */
export interface Cell {
  readonly planRef: BlobRef;
  /** As of the cell's first start. */
  readonly budget: BudgetView;
  /** Settled suspensions; what a rebuilt session replays. */
  readonly journal: JournalRef | null;
  /** Set when the newest suspension of the journal was refused. */
  readonly refused: CallRefusal | null;
  /** What its requests may still take of the run's (`MAX_RUN_REQUEST_BYTES`), as of its first start. */
  readonly requestBytesLeft: number;
  /** How often the sandbox itself died in this cell; past a bound the cell is to blame and the model is told. */
  readonly sandboxDeaths: number;
}

export interface PendingCalls {
  readonly pack: BlobRef;
  readonly seq: number;
  readonly counts: CallCounts;
  readonly fusable: boolean;
  /** What is reserved for the suspension while it is under way; absent: not decided yet. */
  readonly reserved?: Reservation;
}

export interface Reservation {
  readonly llmCalls: number;
  readonly toolCalls: number;
}

/**
 * Sub-calls of the run and of its children. Invariant: `answered + inFlight <= maxLlmCalls`, at every moment: calls are reserved when a suspension
 * arrives, before anything is awaited, for a child run all that it may use; what fails for good, and what a child leaves, is given back.
 */
export interface CallLedger {
  readonly answered: number;
  readonly inFlight: number;
  /** Calls that failed for good. Capped at `maxLlmCalls` as well, so that a failing prompt cannot cause endless traffic. */
  readonly failed: number;
}

/** Calls to the user's tools. Invariant: `settled + inFlight <= maxToolCalls`; a failed one counts too. */
export interface ToolCallLedger {
  readonly settled: number;
  readonly inFlight: number;
}

/** @see RunState.unusedPlans */
export interface UnusedPlan {
  /** Of the plan. */
  readonly digest: string;
  readonly usage: Usage;
}

export interface RunState {
  readonly phase: Phase;
  /** The turn under way, from 1; 0 before the first. */
  readonly turn: number;
  /** Raised each time a session is (re)built or moves on to another cell; sessions answer their own epoch only. */
  readonly epoch: number;
  readonly calls: CallLedger;
  readonly toolCalls: ToolCallLedger;
  /** Bytes of the packs that the run's cells have made, refused ones included: they are in the store before a budget is looked at. */
  readonly requestBytes: number;
  /** Without `unusedPlans`, so that a lost session changes no decision; `totalUsage` has all. */
  readonly usage: Usage;
  /** Plans of the next turn that were paid and not used, because the turn before them was lost; the same plan again costs nothing. */
  readonly unusedPlans: readonly UnusedPlan[];
  /** The worker process that holds the session; a hint: the session is a cache. */
  readonly sessionQueue: string | null;
  readonly snapshotRef: BlobRef | null;
  readonly variablesRef: BlobRef | null;
  readonly trajectoryRef: BlobRef | null;
  /** Cells that ran to their end. Without one, an extract would have nothing to read. */
  readonly executedCells: number;
  /** Rebuilds since a step last succeeded; too many in a row and the run waits for a person. */
  readonly rebuildsInARow: number;
  readonly rebuilds: number;
  readonly startedAtMs: number;
  /** Time spent paused or blocked: it does not count against the timeout. */
  readonly waitedMs: number;
}

export function initialState(startedAtMs: number): RunState {
  return {
    phase: { at: "begin" },
    turn: 0,
    epoch: 0,
    calls: { answered: 0, inFlight: 0, failed: 0 },
    toolCalls: { settled: 0, inFlight: 0 },
    requestBytes: 0,
    usage: NO_USAGE,
    unusedPlans: [],
    sessionQueue: null,
    snapshotRef: null,
    variablesRef: null,
    trajectoryRef: null,
    executedCells: 0,
    rebuildsInARow: 0,
    rebuilds: 0,
    startedAtMs,
    waitedMs: 0,
  };
}

/** A run of a strategy without a sandbox begins with its first turn. */
export function initialDirectState(startedAtMs: number): RunState {
  return { ...initialState(startedAtMs), phase: { at: "plan" } };
}

/** What the sandbox's `budget()` calls used: answered and reserved sub-calls. */
export function callsUsed(state: RunState): number {
  return state.calls.answered + state.calls.inFlight;
}

/** All that was paid. */
export function totalUsage({ usage, unusedPlans }: Pick<RunState, "usage" | "unusedPlans">): Usage {
  return unusedPlans.reduce((sum, plan) => addUsage(sum, plan.usage), usage);
}
