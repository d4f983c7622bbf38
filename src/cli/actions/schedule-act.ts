import { requester } from "../../client/requester.js";
import { controlSchedule, type ScheduleAction } from "../../client/schedules/control-schedule.js";
import { parseEnd, parseInstant } from "../../client/schedules/parse-instant.js";
import { readSchedule } from "../../client/schedules/read-schedule.js";
import { windowName } from "../../sources/window-name.js";
import { EXIT, type ExitCode } from "../exit-code.js";
import { printJson, printLine } from "../output/print.js";
import { withSchedules } from "../with-schedules.js";

interface Flags {
  readonly json: boolean;
}

/** `rlm schedule pause`. */
export function schedulePause(scheduleId: string, { json, note }: Flags & { readonly note?: string }): Promise<ExitCode> {
  return control(scheduleId, json, { action: "pause", note: noteOf(note) }, `${scheduleId} is paused: nothing starts until rlm schedule unpause ${scheduleId}. What was missed meanwhile is not made up for; rlm schedule backfill does that.`);
}

/** `rlm schedule unpause`. */
export function scheduleUnpause(scheduleId: string, { json, note }: Flags & { readonly note?: string }): Promise<ExitCode> {
  return control(scheduleId, json, { action: "resume", note: noteOf(note) }, `${scheduleId} goes on.`);
}

/** `rlm schedule trigger`. */
export function scheduleTrigger(scheduleId: string, { json }: Flags): Promise<ExitCode> {
  return control(scheduleId, json, { action: "trigger" }, `A window of now starts. rlm schedule show ${scheduleId} tells how it ends.`);
}

/** `rlm schedule backfill`: the windows of a span of time, both ends included, one after another. */
export function scheduleBackfill(scheduleId: string, { json, from, to = from }: Flags & { readonly from: string; readonly to?: string }): Promise<ExitCode> {
  return withSchedules(json, async ({ composed: { client } }) => {
    const { timeZone } = (await readSchedule(client, scheduleId, 0)).plan.timing;
    const fromMs = parseInstant(from, timeZone);
    const toMs = parseEnd(to, timeZone);
    // The day that is not over yet, up to now.
    const endMs = /T/.test(to) ? toMs : Math.min(toMs, Date.now());
    await controlSchedule(client, scheduleId, { action: "backfill", fromMs, toMs: endMs });
    const span = { from: windowName(fromMs, timeZone), to: windowName(endMs, timeZone) };
    if (json) printJson({ scheduleId, ...span });
    else printLine(`The windows from ${span.from} to ${span.to} start, one after another; those that have a result are not run again. rlm schedule show ${scheduleId} tells how they end.`);
    return EXIT.answered;
  }, { existing: scheduleId });
}

function control(scheduleId: string, json: boolean, action: ScheduleAction, told: string): Promise<ExitCode> {
  return withSchedules(json, async ({ composed: { client } }) => {
    await controlSchedule(client, scheduleId, action);
    if (json) printJson({ scheduleId, ...action });
    else printLine(told);
    return EXIT.answered;
  }, { existing: scheduleId });
}

/** Who, and why, as lists show it beside the schedule. */
function noteOf(why: string | undefined): string {
  return `${requester(why).by}${why === undefined ? "" : `: ${why}`}`.slice(0, 400);
}
