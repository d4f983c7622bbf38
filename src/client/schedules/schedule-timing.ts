import type { ScheduleOptions, ScheduleOverlapPolicy } from "@temporalio/client";
import type { Overlap, ScheduleTiming } from "../../core/schedule-wire.js";
import { expandWindow } from "../../sources/expand-window.js";
import { ScheduleError } from "./schedule-error.js";

const OVERLAPS: readonly Overlap[] = ["skip", "buffer-one", "buffer-all", "cancel-other", "allow-all"];

/** A machine that was off over night starts what it missed; after a week off, not seven at once. */
export const DEFAULT_TIMING: Omit<ScheduleTiming, "cron"> = { timeZone: "UTC", overlap: "skip", jitterMs: 0, catchUpMs: 86_400_000 };

/** The server's own lower bound. */
const MIN_CATCH_UP_MS = 10_000;
const CRON_RULE = "Write five fields, minute, hour, day of month, month and day of week, as in \"0 3 * * *\"; or @hourly, @daily, @weekly, @monthly, @yearly.";
const MACRO = /^@(hourly|daily|midnight|weekly|monthly|yearly|annually)$/;
const FIELDS: readonly (readonly [name: string, min: number, max: number, words: string])[] = [
  ["minute", 0, 59, ""],
  ["hour", 0, 23, ""],
  ["day of month", 1, 31, ""],
  ["month", 1, 12, "JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC"],
  ["day of week", 0, 7, "SUN|MON|TUE|WED|THU|FRI|SAT"],
];

/**
 * The timing as Temporal takes it.
 * @throws ScheduleError a cron line that is none, a time that makes no sense
 * @throws SourceError a time zone that there is not
 */
export function temporalTiming({ cron, timeZone, overlap, jitterMs, catchUpMs }: ScheduleTiming): Required<Pick<ScheduleOptions, "spec" | "policies">> {
  if (cron.length === 0) throw new ScheduleError("There is no time to start at. Give --cron \"0 3 * * *\".");
  for (const line of cron) requireCron(line);
  expandWindow("{HH}", 0, timeZone);
  if (!OVERLAPS.includes(overlap)) throw new ScheduleError(`"${overlap.slice(0, 30)}" is no rule for overlaps. Write ${OVERLAPS.join(", ")}.`);
  if (!(jitterMs >= 0 && jitterMs <= 86_400_000)) throw new ScheduleError(`The jitter is ${jitterMs} ms; it must be from 0 to a day.`);
  if (!(catchUpMs >= MIN_CATCH_UP_MS)) throw new ScheduleError(`The catch-up window is ${catchUpMs} ms; it must be 10 s or longer.`);
  return {
    spec: { cronExpressions: [...cron], timezone: timeZone, ...(jitterMs > 0 && { jitter: jitterMs }) },
    policies: { overlap: overlap.replace("-", "_").toUpperCase() as ScheduleOverlapPolicy, catchupWindow: catchUpMs },
  };
}

function requireCron(line: string): void {
  if (MACRO.test(line)) return;
  const fields = line.trim().split(/\s+/);
  if (fields.length !== FIELDS.length) throw new ScheduleError(`The cron line "${line.slice(0, 60)}" has ${fields.length} fields. ${CRON_RULE}`);
  for (const [at, [name, min, max, words]] of FIELDS.entries()) {
    const field = fields[at] ?? "";
    if (!field.split(",").every((part) => isPart(part, min, max, words))) throw new ScheduleError(`The cron line "${line.slice(0, 60)}": "${field.slice(0, 30)}" is no ${name}, which is ${min} to ${max}${words === "" ? "" : " or a name of three letters"}. ${CRON_RULE}`);
  }
}

/** `*`, `5`, `1-5`, each also with a step, `/15`. */
function isPart(part: string, min: number, max: number, words: string): boolean {
  const [, from = "", to, step] = /^(\*|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(part) ?? [];
  if (from === "" || (step !== undefined && Number(step) < 1)) return false;
  if (from === "*") return to === undefined;
  const values = [from, ...(to === undefined ? [] : [to])].map((text) => valueOf(text, words, min));
  return values.every((value) => value >= min && value <= max) && (values[1] === undefined || (values[0] ?? 0) <= values[1]);
}

function valueOf(text: string, words: string, min: number): number {
  const word = words.split("|").indexOf(text.toUpperCase());
  return words !== "" && word >= 0 ? word + min : /^\d+$/.test(text) ? Number(text) : Number.NaN;
}
