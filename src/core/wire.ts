/**
 * What travels between client, workflow and activities. JSON only, refs instead of bytes: every payload stays below 2 KB, because all of it is
 * kept in the workflow's history.
 */
import type { BlobRef } from "./blob-ref.js";
import type { CallCounts } from "./call-counts.js";
import type { BudgetView, CallRefusal } from "./cell.js";
import type { ControlState } from "./control-wire.js";
import type { ParentLink } from "./parent-link.js";
import type { RunLimits } from "./run-limits.js";
import type { RunState } from "./run-state.js";
import type { SinkSpec } from "./sink-spec.js";
import type { Usage } from "./usage.js";
import type { RunLabels } from "./visibility.js";

export const WORKFLOW_TYPE = "rlmRun";

/** Task queues of a deployment. Session queues are per worker process: see `sessionQueue` in the results. */
export interface TaskQueues {
  readonly workflow: string;
  readonly llm: string;
  /** Carries the sandbox build: a worker takes only snapshots that it can restore. */
  readonly repl: string;
  /** Where the run's tools are hosted; absent: it has none. */
  readonly tools?: string;
}

/** Argument of the workflow `rlmRun`. */
export interface RunInput {
  readonly v: 1;
  /** Minted at start, kept over continue-as-new; part of every call key. */
  readonly runUid: string;
  readonly specRef: BlobRef;
  readonly limits: RunLimits;
  readonly queues: TaskQueues;
  readonly timing?: RunTiming;
  /** Set for a child run (`rlm_query`). */
  readonly parent?: ParentLink;
  /** The server knows the search attributes of runs. @default false */
  readonly visible?: boolean;
  /** Blob `readonly SinkSpec[]` (sink-spec.ts): where the result is delivered when the run closes. @default nowhere */
  readonly sinksRef?: BlobRef;
  /** Who is told when the run is blocked, fails or is degraded. @default nobody */
  readonly alerts?: readonly SinkSpec[];
  /** `false`: of a row, whose batch tells how its rows have ended. @default true */
  readonly tellsEnd?: boolean;
  /** Set by continue-as-new only. */
  readonly state?: RunState;
  /** Set by continue-as-new only. */
  readonly control?: ControlState;
}

/** Failure-detection times. The defaults are the measured ones; noisy test machines use longer ones. */
export interface RunTiming {
  /** @default 2500 */
  readonly heartbeatTimeoutMs: number;
  /** Of cells and of the watch of their session. @default 2000, where `heartbeatTimeoutMs` is given: that */
  readonly cellHeartbeatTimeoutMs?: number;
  /** How long a task may wait in a session queue before its worker counts as gone; a mistake costs a restore. @default 2000 */
  readonly sessionScheduleToStartMs: number;
  /** How long a task may wait in another queue before it is asked whether any worker is there. @default 5000 */
  readonly queueScheduleToStartMs?: number;
}

/** Names a run inside activities. */
export interface RunKey {
  readonly workflowId: string;
  readonly runUid: string;
}

export interface BeginArgs {
  readonly run: RunKey;
  readonly epoch: number;
  readonly specRef: BlobRef;
  /** Snapshot to begin with, of the parent run; absent: the base image. */
  readonly forkOf?: BlobRef;
}

export interface BeginResult {
  readonly sessionQueue: string;
  readonly snapshotRef: BlobRef;
  readonly variablesRef: BlobRef;
}

/** Suspensions of the current cell so far: the newest pack and how many there are. */
export interface JournalRef {
  readonly packHead: BlobRef;
  readonly suspensions: number;
}

export interface ExecuteArgs {
  readonly run: RunKey;
  readonly specRef: BlobRef;
  readonly turn: number;
  readonly epoch: number;
  readonly planRef: BlobRef;
  readonly snapshotRef: BlobRef;
  readonly trajectoryRef: BlobRef | null;
  /** As of the cell's first start: a replay sees the same. */
  readonly budget: BudgetView;
  /** Now. */
  readonly llmCallsUsed: number;
  /** Host calls of this cell that are settled: a rebuilt session replays them. */
  readonly journal: JournalRef | null;
  /** Outcome of the journal's last suspension, when it was refused. */
  readonly refused: CallRefusal | null;
  /** Bytes that the cell's requests may take, as of its first start. */
  readonly requestBytesLeft: number;
  /** How often the sandbox died in this cell before. */
  readonly sandboxDeaths: number;
}

export interface ResumeArgs {
  readonly run: RunKey;
  readonly turn: number;
  readonly epoch: number;
  readonly seq: number;
  readonly refused: CallRefusal | null;
  readonly llmCallsUsed: number;
}

/** Asks for word when a parked session is lost. */
export interface WatchArgs {
  readonly run: RunKey;
  readonly epoch: number;
}

export type StepResult = SuspendedResult | FinishedResult;

export interface SuspendedResult {
  readonly status: "suspended";
  readonly sessionQueue: string;
  readonly seq: number;
  readonly pack: BlobRef;
  readonly counts: CallCounts;
  /** The process that holds the session makes model calls too: `callAndResume` can be used. */
  readonly fusable: boolean;
}

export interface FinishedResult {
  readonly status: "finished";
  readonly sessionQueue: string;
  /** `null`: still being written; `commitSnapshot` (commit-wire.ts) tells when it is durable. Never `null` with accepted outputs. */
  readonly snapshotRef: BlobRef | null;
  readonly trajectoryRef: BlobRef;
  /** The accepted `SUBMIT`, or `null`: none, or faulty (the model is told). */
  readonly outputsRef: BlobRef | null;
}

export interface CloseArgs {
  readonly run: RunKey;
  readonly runId: string;
  readonly specRef: BlobRef;
  /** `VariableDescription[]` of the inputs. */
  readonly variablesRef: BlobRef | null;
  /** Newest `TurnRecord`. */
  readonly trajectoryRef: BlobRef | null;
  /** State after the newest turn. */
  readonly snapshotRef: BlobRef | null;
  readonly status: "answered" | "degraded" | "failed" | "cancelled";
  readonly reason: string | null;
  /** JSON object of the outputs. */
  readonly outputsRef: BlobRef | null;
  readonly turns: number;
  readonly llmCalls: number;
  readonly maxLlmCalls: number;
  /** Sub-calls that failed for good. */
  readonly failedCalls: number;
  readonly toolCalls: number;
  readonly usage: Usage;
  readonly startedAtMs: number;
  /** Workflow id of the run that this one is a child of. */
  readonly parent: string | null;
  /** Absent in manifests of older versions. */
  readonly labels?: RunLabels;
}

/** What the workflow returns. The outputs are in the store. */
export interface RunOutcome {
  readonly status: "answered" | "degraded" | "failed";
  readonly reason: string | null;
  readonly outputsRef: BlobRef | null;
  readonly manifestRef: BlobRef;
  readonly turns: number;
  readonly llmCalls: number;
  readonly usage: Usage;
}
