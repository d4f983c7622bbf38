import type { BudgetView, CellResult, HistoryUpdate, HostCallOutcome, HostCallRequest, VariableDescription } from "../core/cell.js";
import type { ToolSpec } from "../core/tool-spec.js";

/** Fixed for the life of a session; becomes part of its snapshots. */
export interface SessionConfig {
  /** Parameters of `SUBMIT`, in order. */
  readonly outputNames: readonly string[];
  /** Those of them that `SUBMIT` may leave out. @default [] */
  readonly optionalOutputNames?: readonly string[];
  /** Functions that cells can call. @default [] */
  readonly tools?: readonly ToolSpec[];
  /** Whether cells have `rlm_query`. @default false */
  readonly recursion?: boolean;
  /** The user's Python, run once after the inputs are bound; what it defines is part of the first snapshot. @default none */
  readonly setup?: string;
  /** Bound of each text of a `CellResult`. */
  readonly maxOutputChars: number;
  /** A text whose `str` would take more bytes than this is bound as a `LazyText`. @default no bound but memory */
  readonly lazyTextAboveBytes?: number;
  /** Memory that the run's cells will have, if less than the factory allows: what does not fit into it is not loaded. */
  readonly memoryLimitBytes?: number;
  /** Seeds `random` once, so that a run is reproducible from its start. */
  readonly seed: string;
}

/** An input to be bound to a Python variable. `path` is a local file that holds the blob; it is hard-linked into the session's own directory. */
export interface SessionInput {
  readonly name: string;
  /** `text`: UTF-8 (invalid bytes replaced) -> str. `bytes` -> bytes. `json`: JSON text -> the value. */
  readonly kind: "text" | "bytes" | "json";
  readonly digest: string;
  readonly path: string;
}

/** A value the cell read from outside the interpreter: entropy, wall clock, monotonic clock. JSON-only. */
export type NondeterministicRead = readonly ["entropy", string] | readonly ["date", number] | readonly ["monotonic", number];

/** One suspension of the journal: what the cell read since the one before, the hash of its request, and the outcome it was given. */
export interface JournalEntry {
  readonly reads: readonly NondeterministicRead[];
  /** SHA-256 (hex) of the request's canonical JSON text. */
  readonly requestHash: string;
  readonly outcome: HostCallOutcome;
}

export interface CellRun {
  readonly code: string;
  readonly budget: BudgetView;
  /** For `rlm_history`. @default no turns that it does not know */
  readonly history?: HistoryUpdate;
  /** Suspensions of this very cell that were answered before; replayed before anything new leaves the sandbox. */
  readonly journal: readonly JournalEntry[];
  /** What this very cell read after its last host call, when it has run to its end before: given again, its state becomes the same. @default none */
  readonly tailReads?: readonly NondeterministicRead[];
  /** Python time of the cell; waiting for host calls does not count. */
  readonly cellTimeoutMs: number;
  /** All requests of the cell, replayed ones included, in bytes of JSON; a bound of each cell holds as well. @default that of each cell */
  readonly requestBytesLeft?: number;
  /** Linear memory of the interpreter; the factory's own limit holds as well. @default the factory's */
  readonly memoryLimitBytes?: number;
}

export interface SuspendedStep {
  readonly status: "suspended";
  /** Number of this suspension in the cell, from 0. Journal entries from `seq` on were not used (diverged or absent). */
  readonly seq: number;
  readonly request: HostCallRequest;
  readonly requestHash: string;
  readonly reads: readonly NondeterministicRead[];
  /** Set when the journal given did not match what the cell did: the first suspension that differs. */
  readonly divergedAtSeq: number | null;
}

export interface FinishedStep {
  readonly status: "finished";
  readonly result: CellResult;
  /** What has changed since the parts that it builds on. */
  readonly snapshot: SnapshotPart;
  readonly divergedAtSeq: number | null;
  /** What the cell read since its last suspension. */
  readonly tailReads: readonly NondeterministicRead[];
  readonly timings: CellTimings;
}

/** The end of a cell as it is known before its snapshot is compressed. Only the death of the process can keep the snapshot from coming now. */
export type CapturedStep = Pick<FinishedStep, "result" | "divergedAtSeq" | "tailReads" | "timings"> & {
  /** 4 KiB pages that the snapshot will store: compressing 4,096 of them takes about 50 ms. */
  readonly pagesToWrite: number;
};

export interface CellTimings {
  /** Python, without host-call waits. */
  readonly cellMs: number;
  /** Looking at everything and hashing memory: what the cell's result waits for. */
  readonly captureMs: number;
  /** Compressing the part and handing it over, as seen by the host; can overlap with whatever follows the result. */
  readonly compressMs: number;
  readonly heapBytes: number;
  readonly dirtyPages: number;
}

/** Bytes of one increment as the sandbox wrote them. Untrusted: only ever fed back into a sandbox. */
export interface SnapshotPart {
  readonly bytes: Uint8Array;
  /** How many of the oldest parts of the session's chain it builds on; the newer ones are not needed any more. 0: it stands alone. */
  readonly keptParts: number;
}

export interface SessionStart {
  readonly config: SessionConfig;
  readonly inputs: readonly SessionInput[];
}

export interface StartedStep {
  readonly variables: readonly VariableDescription[];
  readonly snapshot: SnapshotPart;
  readonly timings: CellTimings;
}

/**
 * A live Python interpreter in a process of its own; holds the state of one run. A cache: the snapshots are the truth.
 *
 * Contract: calls are strictly sequential. Any call may reject with `SessionDiedError` (child gone, killed, protocol broken, fatal interpreter
 * error); the session is then dead for good and the caller rebuilds from the last snapshot. Model mistakes are not errors: they are in `CellResult`.
 */
export interface Session extends AsyncDisposable {
  readonly pid: number;
  /** Resolves (never rejects) when the process is gone; value: why. */
  readonly exited: Promise<string>;
  /**
   * Gives the session its configuration and inputs and captures turn 0. First use of one booted from the base image; on one restored from another
   * run's snapshots it makes that state the start of a run of its own: the variables stay, what is given here is added or takes their place.
   */
  start(start: SessionStart): Promise<StartedStep>;
  /** @param onCaptured called once if the cell ends: the result is there, its snapshot follows with the promise. */
  exec(run: CellRun, onCaptured?: OnCaptured): Promise<SuspendedStep | FinishedStep>;
  resume(outcome: HostCallOutcome, onCaptured?: OnCaptured): Promise<SuspendedStep | FinishedStep>;
  /**
   * Asks the cell that is running to stop: it gets a KeyboardInterrupt, and the state is kept. A cell that waits for a host call gets it when it goes
   * on; with none under way nothing happens. The only call that may be made while another is under way. Code that never polls (C loops) is left to the
   * time limit.
   */
  interrupt(): void;
  /** The whole state as a part that stands alone. The chain goes on as if it had not been taken. */
  snapshot(): Promise<SnapshotPart>;
  /** Another session of equal state, in a process of its own; the two know nothing of each other from here on. */
  fork(): Promise<Session>;
  /** Kills the process (SIGKILL) and removes its directory. Safe to call twice and at any time. */
  [Symbol.asyncDispose](): Promise<void>;
}

export type OnCaptured = (step: CapturedStep) => void;

/** How strongly a session is walled in, best first. */
export type IsolationLevel = "deno+bubblewrap" | "deno";

export interface RestoreRequest {
  /** The chain: from the self-contained part (the base image's) to the newest. */
  readonly parts: readonly Uint8Array[];
  /** Inputs that the image refers to but does not contain. */
  readonly inputs: readonly SessionInput[];
}

/** Makes sessions. Contract: rejects with `SandboxUnavailableError` when no process can be started at all. */
export interface SessionFactory {
  /** `<pyodide version>.<short digest of child program and prelude>`: a snapshot is restorable only by an equal build. */
  readonly buildId: string;
  readonly isolation: IsolationLevel;
  /** Boots Pyodide from nothing and captures it: the base image that every run starts from. Takes seconds; done once per build. */
  createBaseImage(): Promise<SnapshotPart>;
  restore(request: RestoreRequest): Promise<Session>;
}

export class SessionDiedError extends Error {
  override readonly name = "SessionDiedError";
  constructor(message: string, readonly reason: "exited" | "killed" | "protocol" | "fatal" | "timeout" | "snapshot_refused", options?: ErrorOptions) { super(message, options); }
}

export class SandboxUnavailableError extends Error {
  override readonly name = "SandboxUnavailableError";
}

/** The user's setup raised; the session was not started. `message` is its traceback. */
export class SetupFailedError extends Error {
  override readonly name = "SetupFailedError";
}
