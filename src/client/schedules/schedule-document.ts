import type { Overlap, WindowOutcome } from "../../core/schedule-wire.js";
import { formatSignature } from "../../signature/format-signature.js";
import { windowName } from "../../sources/window-name.js";
import type { ScheduleDetail } from "./read-schedule.js";

/** `rlm schedule show --json`. Names are stable (docs/cli-json.md). Instants are written as the schedule's time zone shows them. */
export interface ScheduleDocument {
  readonly scheduleId: string;
  readonly cron: readonly string[];
  readonly timeZone: string;
  readonly overlap: Overlap;
  readonly jitterMs: number;
  readonly catchUpMs: number;
  readonly paused: boolean;
  readonly note: string | null;
  readonly signature: string;
  readonly job: string;
  readonly model: string;
  readonly sources: Readonly<Record<string, string>>;
  /** Next starts; none while it is paused. */
  readonly next: readonly string[];
  /** Newest start first. */
  readonly recent: readonly WindowDocument[];
  /** Windows since it was created: started; missed, the server was down for too long; skipped, the one before was under way. */
  readonly counts: { readonly started: number; readonly missed: number; readonly skipped: number };
}

export interface WindowDocument {
  readonly window: string;
  readonly status: WindowOutcome["status"] | null;
  readonly reason: string | null;
  readonly workflowId: string | null;
}

export function scheduleDocument({ plan, input, paused, note, nextAtMs, recent, counts }: ScheduleDetail): ScheduleDocument {
  const { scheduleId, timing, sources, spec } = plan;
  const local = (atMs: number): string => windowName(atMs, timing.timeZone);
  return {
    scheduleId, ...timing, paused, note, signature: formatSignature(spec.signature), job: input.job, model: input.model,
    sources: Object.fromEntries(sources.map(({ name, address }) => [name, address])),
    next: nextAtMs.map(local),
    recent: recent.map(({ scheduledAtMs, status, reason, workflowId }) => ({ window: local(scheduledAtMs), status, reason, workflowId })),
    counts,
  };
}
