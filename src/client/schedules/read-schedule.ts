import { ScheduleNotFoundError as NotFound, type ScheduleDescription } from "@temporalio/client";
import type { ScheduledInput, SchedulePlan } from "../../core/schedule-wire.js";
import { getRecord } from "../../journal/records.js";
import type { RunClient } from "../run-client.js";
import { isOurs } from "./list-schedules.js";
import { listWindows } from "./list-windows.js";
import { ScheduleError, ScheduleNotFoundError } from "./schedule-error.js";
import type { ScheduledRun } from "./schedule-view.js";

/** A schedule of ours, with what it runs. */
export interface ScheduleDetail {
  readonly plan: SchedulePlan;
  readonly input: ScheduledInput;
  readonly paused: boolean;
  readonly note: string | null;
  readonly nextAtMs: readonly number[];
  readonly recent: readonly ScheduledRun[];
  /** Windows since it was created: started; missed, the server was down for longer than the catch-up window; skipped, the one before was under way. */
  readonly counts: { readonly started: number; readonly missed: number; readonly skipped: number };
}

/** @param windows so many of the newest @throws ScheduleNotFoundError; ScheduleError it starts something else */
export async function readSchedule(client: RunClient, scheduleId: string, windows = 10): Promise<ScheduleDetail> {
  const { action, state, info } = await describeSchedule(client, scheduleId);
  const input = action.args?.[0] as ScheduledInput;
  const recent: ScheduledRun[] = [];
  if (windows > 0) {
    for await (const { scheduleId: _ours, ...window } of listWindows(client, scheduleId)) if (recent.push(window) >= windows) break;
  }
  return {
    plan: await getRecord<SchedulePlan>(client.store, input.planRef), input,
    paused: state.paused, note: state.note || null,
    nextAtMs: state.paused ? [] : info.nextActionTimes.map((time) => time.getTime()), recent,
    counts: { started: info.numActionsTaken, missed: info.numActionsMissedCatchupWindow, skipped: info.numActionsSkippedOverlap },
  };
}

async function describeSchedule(client: RunClient, scheduleId: string): Promise<ScheduleDescription> {
  const { schedule } = await client.temporal();
  try {
    const described = await schedule.getHandle(scheduleId).describe();
    if (isOurs(described)) return described;
  } catch (error) {
    throw error instanceof NotFound ? new ScheduleNotFoundError(scheduleId, { cause: error }) : error;
  }
  throw new ScheduleError(`The schedule "${scheduleId}" was not made by \`rlm schedule create\`. Use the tool that it was made with.`);
}
