/** A schedule as lists show it. */
export interface ScheduleView {
  readonly scheduleId: string;
  /** When it runs, for people: cron lines or intervals. */
  readonly when: string;
  readonly timeZone: string | null;
  readonly paused: boolean;
  readonly note: string | null;
  readonly nextAtMs: readonly number[];
  /** Newest first. */
  readonly recent: readonly ScheduledRun[];
}

export interface ScheduledRun {
  readonly scheduledAtMs: number;
  readonly startedAtMs: number;
  readonly workflowId: string;
}
