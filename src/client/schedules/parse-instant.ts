import { windowName } from "../../sources/window-name.js";
import { ScheduleError } from "./schedule-error.js";

/**
 * Milliseconds of an instant as people write it: `2026-01-31T03:00Z`, or without a zone, as the given one shows it: `2026-01-31T03:00`, `2026-01-31` (its first
 * moment). Of an hour that a clock shows twice, the later one.
 * @throws ScheduleError
 */
export function parseInstant(text: string, timeZone: string): number {
  const [, date, time = "T00:00", zone] = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?)?(Z|[+-]\d{2}:\d{2})?$/.exec(text.trim()) ?? [];
  const asUtcMs = Date.parse(`${date}${time}Z`);
  if (date === undefined || Number.isNaN(asUtcMs)) throw new ScheduleError(`"${text.slice(0, 40)}" is no instant. Write 2026-01-31, 2026-01-31T03:00, or 2026-01-31T03:00Z.`);
  if (zone !== undefined) return Date.parse(`${date}${time}${zone}`);
  // The distance to UTC of about that time, and then of that very time.
  const near = asUtcMs - distanceMs(asUtcMs, timeZone);
  return asUtcMs - distanceMs(near, timeZone);
}

/** The last moment of `2026-01-31`; of an instant with a time, itself. @throws ScheduleError */
export function parseEnd(text: string, timeZone: string): number {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text.trim())) return parseInstant(text, timeZone);
  const next = new Date(Date.parse(`${text.trim()}T00:00Z`) + 86_400_000);
  return parseInstant(Number.isNaN(next.getTime()) ? text : next.toISOString().slice(0, 10), timeZone) - 1;
}

/** How far the zone's clock is before UTC. */
function distanceMs(atMs: number, timeZone: string): number {
  const name = windowName(atMs - (atMs % 60_000), timeZone);
  return Date.parse(`${name.slice(0, 16)}Z`) - (atMs - (atMs % 60_000));
}
