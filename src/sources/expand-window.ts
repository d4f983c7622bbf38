import { SourceError } from "./source-error.js";

const HOUR_MS = 3_600_000;
const PARTS = { yyyy: "year", MM: "month", dd: "day", HH: "hour", mm: "minute" } as const;

/**
 * Writes an instant into a template, as its time zone's clock shows it: `logs/{yyyy}-{MM}-{dd}/{HH}{mm}.gz`. `{dd-1d}` is that part a day before, `{HH-1h}`
 * an hour before: days are those of the calendar, also when one has 23 or 25 hours; hours are elapsed ones. Braces of globs, `{a,b}`, stay.
 * @param timeZone an IANA name
 * @throws SourceError a part or time zone that there is not
 */
export function expandWindow(template: string, instantMs: number, timeZone: string): string {
  return template.replaceAll(/\{([^{},]*)\}/g, (token, inner: string) => {
    const [, name = "", sign, count = "0", unit] = /^(yyyy|MM|dd|HH|mm)(?:([+-])(\d{1,4})([dh]))?$/.exec(inner) ?? [];
    if (!isPart(name)) throw new SourceError(`${token} is no part of a time window. Write {yyyy}, {MM}, {dd}, {HH} or {mm}, also with a distance, {dd-1d} or {HH-1h}.`);
    const distance = (sign === "-" ? -1 : 1) * Number(count);
    return localParts(instantMs, timeZone, unit === "h" ? distance : 0, unit === "d" ? distance : 0)[PARTS[name]] ?? "";
  });
}

function isPart(name: string): name is keyof typeof PARTS {
  return Object.hasOwn(PARTS, name);
}

function localParts(instantMs: number, timeZone: string, hours: number, days: number): Readonly<Record<string, string>> {
  const at = clock(instantMs + hours * HOUR_MS, timeZone);
  if (days === 0) return at;
  // The calendar alone, where every day has 24 hours.
  const day = clock(Date.UTC(Number(at["year"]), Number(at["month"]) - 1, Number(at["day"]) + days), "UTC");
  return { ...at, year: day["year"] ?? "", month: day["month"] ?? "", day: day["day"] ?? "" };
}

function clock(instantMs: number, timeZone: string): Readonly<Record<string, string>> {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat("en-US-u-ca-iso8601", { timeZone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" });
  } catch (error) {
    throw new SourceError(`"${timeZone}" is not a time zone. Write one as in Europe/Berlin, or UTC.`, { cause: error });
  }
  return Object.fromEntries(format.formatToParts(instantMs).map(({ type, value }) => [type, value]));
}
