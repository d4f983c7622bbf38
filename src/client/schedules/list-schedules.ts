import type { ScheduleSpecDescription, ScheduleSummary } from "@temporalio/client";
import type { RunClient } from "../run-client.js";
import { calendarText } from "./calendar-text.js";
import type { ScheduleView } from "./schedule-view.js";

/** The namespace's schedules, by id. A change shows a moment later: the server's list is behind. */
export async function listSchedules(client: Pick<RunClient, "temporal">): Promise<readonly ScheduleView[]> {
  const schedules: ScheduleView[] = [];
  for await (const summary of (await client.temporal()).schedule.list()) schedules.push(viewOf(summary));
  return schedules.sort((a, b) => a.scheduleId.localeCompare(b.scheduleId));
}

function viewOf({ scheduleId, spec, state, info }: ScheduleSummary): ScheduleView {
  return {
    scheduleId,
    when: whenOf(spec),
    timeZone: spec?.timezone || null,
    paused: state.paused,
    note: state.note || null,
    nextAtMs: info.nextActionTimes.map((time) => time.getTime()),
    recent: info.recentActions.map(({ scheduledAt, takenAt, action }) => ({ scheduledAtMs: scheduledAt.getTime(), startedAtMs: takenAt.getTime(), workflowId: action.workflow.workflowId })).reverse(),
  };
}

/** The server keeps cron lines as calendars. */
function whenOf(spec: ScheduleSpecDescription | undefined): string {
  const calendars = spec?.calendars?.map(calendarText) ?? [];
  const intervals = spec?.intervals?.map(({ every }) => `every ${every / 1000} s`) ?? [];
  return [...calendars, ...intervals].join("; ") || "never";
}
