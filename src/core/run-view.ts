import type { BlobRef } from "./blob-ref.js";
import type { ControlRequest } from "./control-wire.js";
import type { RunStatus } from "./result.js";
import type { RunProgress } from "./run-progress.js";
import { NO_USAGE, type Usage } from "./usage.js";
import type { TaskQueues } from "./wire.js";

/** A run as its history tells it: everything that `show`, `watch`, `result` and `trajectory` need, with no worker asked. */
export interface RunView {
  readonly status: Extract<RunStatus, "running" | "paused" | "blocked" | "answered" | "degraded" | "failed" | "cancelled">;
  readonly reason: string | null;
  /** The run of the chain that the facts have reached; empty before the first fact. */
  readonly runId: string;
  readonly runUid: string;
  readonly specRef: BlobRef | null;
  /** Where its tasks wait for workers. */
  readonly queues: TaskQueues | null;
  readonly startedAtMs: number;
  readonly closedAtMs: number | null;
  readonly maxLlmCalls: number;
  readonly maxIterations: number;
  /** The turn under way, from 1. */
  readonly turn: number;
  /** Answered sub-calls. */
  readonly llmCalls: number;
  readonly failedCalls: number;
  readonly usage: Usage;
  readonly variablesRef: BlobRef | null;
  readonly trajectoryRef: BlobRef | null;
  readonly snapshotRef: BlobRef | null;
  /** The newest turn's snapshot is still being written: `snapshotRef` is an older one. */
  readonly uncommitted: boolean;
  /** Digests of the plans whose cost is in `usage`, since the newest cell began: the same plan again costs nothing. */
  readonly paidPlans: readonly string[];
  /** What the root model said in the turn under way; `null` before it answered and after the turn. */
  readonly planRef: BlobRef | null;
  /** Calls the cell is waiting for. */
  readonly suspension: { readonly seq: number; readonly count: number; readonly settled: number } | null;
  /** Newest suspension of the turn under way; older ones hang on it. */
  readonly packHead: BlobRef | null;
  readonly outputsRef: BlobRef | null;
  readonly rebuilds: number;
  /** Turn whose cell was last given to a session: a second time is a rebuild. */
  readonly cellTurn: number;
  readonly cancelRequested: boolean;
  /** Child runs (`rlm_query`) that are under way, by their workflow ids; what they use is added when they end. */
  readonly openChildren: readonly string[];
  /** Who paused it, until it is resumed. A run that is blocked, too, has the status `blocked`. */
  readonly paused: ControlRequest | null;
  /** Scheduled, not finished activities by their history id. */
  readonly inFlight: Readonly<Record<string, ActivityInFlight>>;
}

/** What one more fact of the history makes of a view (fold-history.ts). */
export interface Folded {
  readonly view: RunView;
  /** What a person would want to be told, in order. */
  readonly progress: readonly RunProgress[];
}

export interface ActivityInFlight {
  readonly activity: string;
  readonly sinceMs: number;
}

export const EMPTY_VIEW: RunView = {
  status: "running",
  reason: null,
  runId: "",
  runUid: "",
  specRef: null,
  queues: null,
  startedAtMs: 0,
  closedAtMs: null,
  maxLlmCalls: 0,
  maxIterations: 0,
  turn: 0,
  llmCalls: 0,
  failedCalls: 0,
  usage: NO_USAGE,
  variablesRef: null,
  trajectoryRef: null,
  snapshotRef: null,
  uncommitted: false,
  paidPlans: [],
  planRef: null,
  suspension: null,
  packHead: null,
  outputsRef: null,
  rebuilds: 0,
  cellTurn: 0,
  cancelRequested: false,
  openChildren: [],
  paused: null,
  inFlight: {},
};

export function isClosed(view: RunView): boolean {
  return view.closedAtMs !== null;
}
