import { expandWindow } from "./expand-window.js";

const MINUTE_MS = 60_000;

/** An instant as its time zone's clock shows it, with the distance to UTC, so that no two instants share a name: `2026-10-25T02:30+01:00`, with seconds where there are some. */
export function windowName(instantMs: number, timeZone: string): string {
  const local = expandWindow("{yyyy}-{MM}-{dd}T{HH}:{mm}", instantMs, timeZone);
  const seconds = Math.floor((instantMs % MINUTE_MS) / 1000);
  const offsetMinutes = Math.round((Date.parse(`${local}Z`) - (instantMs - (instantMs % MINUTE_MS))) / MINUTE_MS);
  return `${local}${seconds === 0 ? "" : `:${two(seconds)}`}${offsetMinutes === 0 ? "Z" : offsetText(offsetMinutes)}`;
}

function offsetText(minutes: number): string {
  const distance = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${two(Math.floor(distance / 60))}:${two(distance % 60)}`;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
