import type { ScheduleSpecDescription, ScheduleSummary } from "@temporalio/client";
import { SCHEDULED_WORKFLOW_TYPE } from "../../core/schedule-wire.js";
import type { RunClient } from "../run-client.js";
import { calendarText } from "./calendar-text.js";
import { listWindows } from "./list-windows.js";
import type { ScheduledRun, ScheduleView } from "./schedule-view.js";

/** Of a schedule in a list. */
const RECENT = 10;
/** Looked through for the newest of each schedule. */
const MAX_WINDOWS = 500;

/** The namespace's schedules, by id. A change shows a moment later: the server's list is behind. */
export async function listSchedules(client: Pick<RunClient, "temporal">): Promise<readonly ScheduleView[]> {
  const summaries: ScheduleSummary[] = [];
  for await (const summary of (await client.temporal()).schedule.list()) summaries.push(summary);
  const ours = summaries.filter(isOurs);
  const recent = ours.length === 0 ? new Map<string, readonly ScheduledRun[]>() : await newestWindows(client, ours.length);
  return summaries.map((summary) => viewOf(summary, recent.get(summary.scheduleId) ?? [])).sort((a, b) => a.scheduleId.localeCompare(b.scheduleId));
}

export function isOurs({ action }: Pick<ScheduleSummary, "action">): boolean {
  return action?.workflowType === SCHEDULED_WORKFLOW_TYPE;
}

async function newestWindows(client: Pick<RunClient, "temporal">, schedules: number): Promise<ReadonlyMap<string, readonly ScheduledRun[]>> {
  const found = new Map<string, ScheduledRun[]>();
  let [looked, full] = [0, 0];
  for await (const { scheduleId, ...window } of listWindows(client)) {
    const of = found.get(scheduleId) ?? [];
    found.set(scheduleId, of);
    if (of.length < RECENT && of.push(window) === RECENT) full += 1;
    if ((looked += 1) >= MAX_WINDOWS || full >= schedules) break;
  }
  return found;
}

function viewOf(summary: ScheduleSummary, windows: readonly ScheduledRun[]): ScheduleView {
  const { scheduleId, spec, state, info } = summary;
  const ours = isOurs(summary);
  return {
    scheduleId,
    ours,
    when: whenOf(spec),
    timeZone: spec?.timezone || null,
    paused: state.paused,
    note: state.note || null,
    nextAtMs: state.paused ? [] : info.nextActionTimes.map((time) => time.getTime()),
    recent: ours ? windows : info.recentActions.map(({ scheduledAt, takenAt, action }) => ({ scheduledAtMs: scheduledAt.getTime(), startedAtMs: takenAt.getTime(), workflowId: action.workflow.workflowId, status: null, reason: null })).reverse(),
  };
}

/** The server keeps cron lines as calendars. */
function whenOf(spec: Pick<ScheduleSpecDescription, "calendars" | "intervals"> | undefined): string {
  const calendars = spec?.calendars?.map(calendarText) ?? [];
  const intervals = spec?.intervals?.map(({ every }) => `every ${every / 1000} s`) ?? [];
  return [...calendars, ...intervals].join("; ") || "never";
}
