import type { BlobRef } from "./blob-ref.js";
import type { RunLimits } from "./run-limits.js";
import type { RunSpec } from "./run-spec.js";
import type { SinkSpec } from "./sink-spec.js";
import type { RunStatus } from "./result.js";
import type { RunTiming, TaskQueues } from "./wire.js";

export const SCHEDULED_WORKFLOW_TYPE = "rlmScheduled";

/** An input that is looked up anew for every window. */
export interface WindowSource {
  readonly name: string;
  /** Absolute path, directory, glob or http(s) address, with parts of the window in it: `/logs/{yyyy}-{MM}-{dd}/*.gz`. */
  readonly address: string;
  readonly as: "text" | "bytes" | "json";
}

/** What happens when a window's turn comes while the one before is under way. */
export type Overlap = "skip" | "buffer-one" | "buffer-all" | "cancel-other" | "allow-all";

/** When a schedule starts its windows. */
export interface ScheduleTiming {
  /** Cron lines of five fields, or `@daily` and the like. */
  readonly cron: readonly string[];
  /** IANA name: the clock of the cron lines, and the one that windows are written by. */
  readonly timeZone: string;
  readonly overlap: Overlap;
  /** Each start is up to so much later, by chance; the window stays that of the cron line. */
  readonly jitterMs: number;
  /** Starts that were missed while the server was down are made up for so long. */
  readonly catchUpMs: number;
}

/** What a schedule runs. A blob, written before the schedule is created or changed. */
export interface SchedulePlan {
  readonly v: 1;
  readonly scheduleId: string;
  /** With the inputs that all windows share. */
  readonly spec: RunSpec;
  readonly sources: readonly WindowSource[];
  readonly timing: ScheduleTiming;
  /** Patterns whose matches do not reach the store. */
  readonly redact: readonly string[];
  /** Paths of files may hold parts of the window, too. */
  readonly sinks: readonly SinkSpec[];
}

/** Argument of the workflow `rlmScheduled`, the same for every window. */
export interface ScheduledInput {
  readonly v: 1;
  readonly scheduleId: string;
  readonly planRef: BlobRef;
  /** For each window's run. @default nobody is told */
  readonly alerts?: readonly SinkSpec[];
  readonly queues: TaskQueues;
  readonly limits: RunLimits;
  readonly job: string;
  readonly model: string;
  /** The signature's text, shortened. */
  readonly signature: string;
  readonly timing?: RunTiming;
  readonly workflowTaskTimeoutMs: number;
  readonly visible?: boolean;
}

export interface PrepareWindowArgs {
  readonly planRef: BlobRef;
  readonly scheduledAtMs: number;
}

/** What was found for a window. */
export type PreparedWindow =
  /** Its inputs are stored; `direct`: a strategy without a sandbox; `replQueue`: of the sandbox build of now, which is another one after an upgrade. */
  | { readonly found: "run"; readonly workflowId: string; readonly specRef: BlobRef; readonly sinksRef: BlobRef | null; readonly direct: boolean; readonly replQueue: string }
  /** Its run is under way. */
  | { readonly found: "open"; readonly workflowId: string }
  /** It has a result. */
  | { readonly found: "closed"; readonly workflowId: string; readonly status: RunStatus; readonly reason: string | null }
  /** There is nothing to read. `noticeRef`: what the sinks are told. */
  | { readonly found: "nothing"; readonly workflowId: string; readonly reason: string; readonly sinksRef: BlobRef | null; readonly noticeRef: BlobRef }
  /** There is something, and it cannot be used. */
  | { readonly found: "fault"; readonly workflowId: string; readonly reason: string };

/** How a window ended, or where it stands; the workflow's result, and in its memo as `window`. */
export interface WindowOutcome {
  readonly scheduledAtMs: number;
  /** `empty`: no file or address of the window was there, nothing was run. `refused`: what was there cannot be an input. */
  readonly status: RunStatus | "empty" | "refused";
  readonly reason: string | null;
  /** The window's run; `null`: none was started. */
  readonly workflowId: string | null;
}

/** What a sink is told of a window without anything in it. */
export interface EmptyWindowNotice {
  readonly scheduleId: string;
  /** ISO 8601, UTC. */
  readonly scheduledAt: string;
  readonly status: "empty";
  readonly reason: string;
}
