import type { WindowOutcome } from "../../core/schedule-wire.js";

/** A schedule as lists show it. */
export interface ScheduleView {
  readonly scheduleId: string;
  /** It starts runs of ours: `rlm schedule create`. */
  readonly ours: boolean;
  /** When it runs, for people: cron lines or intervals. */
  readonly when: string;
  readonly timeZone: string | null;
  readonly paused: boolean;
  readonly note: string | null;
  readonly nextAtMs: readonly number[];
  /** Newest start first. */
  readonly recent: readonly ScheduledRun[];
}

/** A window that a schedule has started. */
export interface ScheduledRun {
  /** The time that was meant, which its inputs come from. */
  readonly scheduledAtMs: number;
  readonly startedAtMs: number;
  /** The run, or a workflow that is none of ours; `null`: no run was started. */
  readonly workflowId: string | null;
  /** `null`: of a workflow that is none of ours. */
  readonly status: WindowOutcome["status"] | null;
  readonly reason: string | null;
}
