import type { SchedulePlan, WindowSource } from "../../core/schedule-wire.js";
import type { SignatureField } from "../../core/signature.js";
import { checkInputs } from "../../signature/check-inputs.js";
import { checkInputType } from "../../signature/check-input-type.js";
import { expandWindow } from "../../sources/expand-window.js";
import { isGlob } from "../../sources/glob.js";
import { requireHttpUrl } from "../../sources/http-url.js";
import { requireSameDay } from "../../sources/same-day.js";
import { Redaction } from "../../sources/redaction.js";
import { requireWorkflowId } from "../workflow-id.js";
import { ScheduleError } from "./schedule-error.js";
import { windowSinks } from "./window-fields.js";

/** The window and a number are added to it, and together they are the id of a run. */
const MAX_ID_BYTES = 60;

/**
 * All that can be known of a plan before its first window comes.
 * @throws ScheduleError, SourceError, InvalidWorkflowIdError
 */
export function checkPlan({ scheduleId, spec: { signature, inputs }, sources, timing: { timeZone }, redact, sinks }: SchedulePlan, nowMs: number): void {
  requireWorkflowId(scheduleId);
  if (Buffer.byteLength(scheduleId) > MAX_ID_BYTES) throw new ScheduleError(`The schedule's name has ${Buffer.byteLength(scheduleId)} bytes; at most ${MAX_ID_BYTES} are taken. Choose a shorter one.`);
  const names = [...inputs.map(({ name }) => name), ...sources.map(({ name }) => name)];
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new ScheduleError(`Input \`${twice}\` is given twice. Leave one of them out.`);
  const { faults } = checkInputs(signature, names);
  if (faults.length > 0) throw new ScheduleError(faults.join("\n"));
  Redaction.of(redact);
  for (const source of sources) checkSource(source, signature.inputs.find(({ name }) => name === source.name), { timeZone, redacts: redact.length > 0, nowMs });
  windowSinks(sinks, nowMs, timeZone);
  for (const sink of sinks) if (sink.type === "file") requireSameDay(sink.path);
}

function checkSource({ name, address, as }: WindowSource, field: SignatureField | undefined, { timeZone, redacts, nowMs }: { readonly timeZone: string; readonly redacts: boolean; readonly nowMs: number }): void {
  const now = expandWindow(address, nowMs, timeZone);
  requireSameDay(address);
  if (redacts && (as === "bytes" || field?.type.kind === "bytes")) throw new ScheduleError(`Input \`${name}\` is bytes, which patterns cannot redact. Give it as text, or redact nothing in this schedule.`);
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(now)) {
    const { username, password } = new URL(requireHttpUrl(now));
    if (username !== "" || password !== "") throw new ScheduleError("The address of a source must hold no password: it is kept in the schedule's records. Put the file where it can be read without.");
  } else if (isGlob(now) && field !== undefined && !(as === "text" && checkInputType(field, "{\"name\":\"text\"}").ok)) {
    throw new ScheduleError(`Input \`${name}\`: a pattern names many files, which become a dict of texts by their names. Declare \`${name}: dict[str, str]\` in the signature, or name one file.`);
  }
}
