import type { ScheduleDocument } from "../../client/schedules/schedule-document.js";
import type { ScheduleView } from "../../client/schedules/schedule-view.js";
import { renderTable } from "./render-table.js";

/** When it starts, and first. */
export function renderStarts({ scheduleId, cron, timeZone, paused, next }: ScheduleDocument): string {
  const first = paused ? "paused" : `next: ${next.slice(0, 3).join(", ") || "never"}`;
  return `${scheduleId}: ${cron.join("; ")} (${timeZone}); ${first}`;
}

export function renderSchedule(document: ScheduleDocument): string {
  const { signature, job, model, overlap, paused, note, sources, recent, counts } = document;
  return [
    renderStarts(document),
    ...(paused || note !== null ? [`${paused ? "paused" : "note"}${note === null ? "" : `${paused ? " by" : ":"} ${note}`}`] : []),
    `${signature}   (job ${job}, model ${model}, overlap ${overlap})`,
    ...Object.entries(sources).map(([name, address]) => `source ${name}: ${address}`),
    `windows: ${counts.started} started, ${counts.missed} missed, ${counts.skipped} skipped`,
    ...(recent.length === 0 ? [] : ["", renderTable([["WINDOW", "STATUS", "RUN"], ...recent.map(({ window, status, workflowId, reason }) => [window, status ?? "", workflowId ?? reason ?? ""])])]),
  ].join("\n");
}

export function renderSchedules(schedules: readonly ScheduleView[]): string {
  const at = (atMs: number | undefined): string => (atMs === undefined ? "" : new Date(atMs).toISOString().slice(0, 16).replace("T", " "));
  return renderTable([
    ["NAME", "STATE", "WHEN", "TIME ZONE", "NEXT (UTC)", "LAST"],
    ...schedules.map(({ scheduleId, paused, when, timeZone, nextAtMs, recent: [last] }) => [scheduleId, paused ? "paused" : "active", when, timeZone ?? "UTC", at(nextAtMs[0]), last?.status ?? ""]),
  ]);
}
