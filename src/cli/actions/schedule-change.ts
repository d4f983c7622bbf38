import { requireWorkingModels } from "../../api/compose/require-working-models.js";
import { deleteSchedule, updateSchedule } from "../../client/schedules/change-schedule.js";
import { createSchedule } from "../../client/schedules/create-schedule.js";
import { readSchedule } from "../../client/schedules/read-schedule.js";
import { scheduleDocument } from "../../client/schedules/schedule-document.js";
import type { RunClient } from "../../client/run-client.js";
import { EXIT, type ExitCode } from "../exit-code.js";
import { printJson, printLine } from "../output/print.js";
import { renderStarts } from "../output/render-schedule.js";
import { scheduleRequest, type ScheduleFlags } from "../schedule-request.js";
import { withSchedules } from "../with-schedules.js";

export interface CreateFlags extends ScheduleFlags {
  readonly paused: boolean;
  readonly note?: string;
  readonly json: boolean;
}

/** `rlm schedule create`: everything that can be wrong is found before anything is kept. */
export function scheduleCreate(scheduleId: string, flags: CreateFlags): Promise<ExitCode> {
  return withSchedules(flags.json, async ({ composed, say }) => {
    const request = await scheduleRequest(scheduleId, flags, composed, null, say);
    if (await composed.isEmbedded()) await requireWorkingModels(composed, request.spec.models);
    await createSchedule(composed.client, request, { paused: flags.paused, ...(flags.note !== undefined && { note: flags.note }) });
    return tell(composed.client, scheduleId, flags.json);
  }, { flags });
}

/** `rlm schedule update`: what is named changes, the rest stays. */
export function scheduleUpdate(scheduleId: string, flags: ScheduleFlags & { readonly json: boolean }): Promise<ExitCode> {
  return withSchedules(flags.json, async ({ composed, say }) => {
    const before = await readSchedule(composed.client, scheduleId, 0);
    await updateSchedule(composed.client, await scheduleRequest(scheduleId, flags, composed, before, say));
    return tell(composed.client, scheduleId, flags.json);
  }, { flags, existing: scheduleId });
}

/** `rlm schedule delete`. */
export function scheduleDelete(scheduleId: string, { json }: { readonly json: boolean }): Promise<ExitCode> {
  return withSchedules(json, async ({ composed }) => {
    await deleteSchedule(composed.client, scheduleId);
    if (json) printJson({ scheduleId, deleted: true });
    else printLine(`${scheduleId} is deleted: it starts nothing any more. Windows under way go on; results stay until rlm delete.`);
    return EXIT.answered;
  }, { existing: scheduleId });
}

async function tell(client: RunClient, scheduleId: string, json: boolean): Promise<ExitCode> {
  const document = scheduleDocument(await readSchedule(client, scheduleId, 0));
  if (json) printJson(document);
  else printLine(renderStarts(document));
  return EXIT.answered;
}
