import type { CalendarSpecDescription } from "@temporalio/client";

interface Range {
  readonly start: number | string;
  readonly end: number | string;
  readonly step: number;
}

/** Ranges that stand for every value of a field. */
const WHOLE: ReadonlySet<string> = new Set(["0-59", "0-23", "1-31", "JAN-DEC", "SUN-SAT"]);

/** A calendar as a cron line (minute, hour, day of month, month, day of week), or its comment where it has one. Pure. */
export function calendarText({ minute, hour, dayOfMonth, month, dayOfWeek, comment }: CalendarSpecDescription): string {
  if (comment) return comment;
  return [minute, hour, dayOfMonth, month, dayOfWeek].map((ranges) => fieldText(ranges)).join(" ");
}

function fieldText(ranges: readonly Range[]): string {
  const text = ranges.map(({ start, end, step }) => {
    const span = start === end ? short(start) : `${short(start)}-${short(end)}`;
    const base = WHOLE.has(span) ? "*" : span;
    return step > 1 ? `${base}/${step}` : base;
  });
  return text.length === 0 ? "*" : text.join(",");
}

function short(value: number | string): string {
  return typeof value === "number" ? String(value) : value.slice(0, 3);
}
