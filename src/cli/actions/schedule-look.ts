import { listSchedules } from "../../client/schedules/list-schedules.js";
import { readSchedule } from "../../client/schedules/read-schedule.js";
import { scheduleDocument } from "../../client/schedules/schedule-document.js";
import { EXIT, type ExitCode } from "../exit-code.js";
import { printJson, printLine, printNote } from "../output/print.js";
import { renderSchedule, renderSchedules } from "../output/render-schedule.js";
import { requireCount } from "../require-count.js";
import { withSchedules } from "../with-schedules.js";

/** `rlm schedule ls`. */
export function scheduleList({ json }: { readonly json: boolean }): Promise<ExitCode> {
  return withSchedules(json, async ({ composed }) => {
    const schedules = (await composed.hasNoServer()) ? [] : await listSchedules(composed.client);
    if (json) printJson({ schedules });
    else if (schedules.length === 0) printNote("There are no schedules yet. rlm schedule create --help shows how to make one.");
    else printLine(renderSchedules(schedules));
    return EXIT.answered;
  });
}

/** `rlm schedule show`: its next times, and how its last windows ended. */
export function scheduleShow(scheduleId: string, { json, limit }: { readonly json: boolean; readonly limit: string }): Promise<ExitCode> {
  const windows = requireCount("--limit", limit);
  return withSchedules(json, async ({ composed }) => {
    const document = scheduleDocument(await readSchedule(composed.client, scheduleId, windows));
    if (json) printJson(document);
    else printLine(renderSchedule(document));
    return EXIT.answered;
  }, { existing: scheduleId });
}
