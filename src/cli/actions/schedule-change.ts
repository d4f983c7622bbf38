import type { Composed } from "../../api/compose/compose.js";
import { requireWorkingModels } from "../../api/compose/require-working-models.js";
import { deleteSchedule, updateSchedule } from "../../client/schedules/change-schedule.js";
import { createSchedule } from "../../client/schedules/create-schedule.js";
import { readSchedule } from "../../client/schedules/read-schedule.js";
import { scheduleDocument } from "../../client/schedules/schedule-document.js";
import type { RunClient } from "../../client/run-client.js";
import { CliError } from "../cli-error.js";
import { EXIT, type ExitCode } from "../exit-code.js";
import { printJson, printLine } from "../output/print.js";
import { renderStarts } from "../output/render-schedule.js";
import { readExtras, type Extras } from "../read-extras.js";
import { scheduleRequest, type ScheduleFlags } from "../schedule-request.js";
import { withSchedules } from "../with-schedules.js";

export interface CreateFlags extends ScheduleFlags {
  readonly paused: boolean;
  readonly note?: string;
  readonly json: boolean;
}

/** `rlm schedule create`: everything that can be wrong is found before anything is kept. */
export async function scheduleCreate(scheduleId: string, flags: CreateFlags): Promise<ExitCode> {
  refusePackages(flags);
  return withSchedules(flags.json, async ({ composed, say }) => {
    const extras = await readExtras(flags);
    const request = await scheduleRequest(scheduleId, flags, extras, composed, null, say);
    if (await composed.isEmbedded()) await requireWorkingModels(composed, request.spec.models);
    await hostTools(composed, extras, say);
    await createSchedule(composed.client, request, { paused: flags.paused, ...(flags.note !== undefined && { note: flags.note }) });
    return tell(composed.client, scheduleId, flags.json);
  }, { flags });
}

/** `rlm schedule update`: what is named changes, the rest stays. */
export async function scheduleUpdate(scheduleId: string, flags: ScheduleFlags & { readonly json: boolean }): Promise<ExitCode> {
  refusePackages(flags);
  return withSchedules(flags.json, async ({ composed, say }) => {
    const before = await readSchedule(composed.client, scheduleId, 0);
    const extras = await readExtras(flags);
    const request = await scheduleRequest(scheduleId, flags, extras, composed, before, say);
    await hostTools(composed, extras, say);
    await updateSchedule(composed.client, request);
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

/** They belong to the sandbox build of a worker: a window takes that of the worker that is there at its time, whatever its schedule says. */
function refusePackages({ packages }: ScheduleFlags): void {
  if (packages !== undefined) throw new CliError("invalid_options", EXIT.usage, "--packages is not for schedules: a window runs with the packages of the worker that is up at its time.", 'Name them where worker and commands find them: "packages" in rlm.config.json, or RLM_PACKAGES; then create the schedule without --packages.');
}

async function hostTools(composed: Composed, { tools }: Extras, say: (line: string) => void): Promise<void> {
  if (tools !== null) await (await import("../host-tools.js")).hostToolsOfSchedule(composed, tools, say);
}

async function tell(client: RunClient, scheduleId: string, json: boolean): Promise<ExitCode> {
  const document = scheduleDocument(await readSchedule(client, scheduleId, 0));
  if (json) printJson(document);
  else printLine(renderStarts(document));
  return EXIT.answered;
}
