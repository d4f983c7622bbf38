import { SourceError } from "./source-error.js";

const UNITS = ["yyyy", "MM", "dd", "HH", "mm"] as const;

/**
 * Refuses a template whose parts are of different days where that is a trap: `{yyyy}-{MM}-{dd-1d}` would be the 31st of the new month on the first day of it.
 * A part with a distance needs the next larger one, where the template has that at all, with the same distance.
 * @throws SourceError
 */
export function requireSameDay(template: string): void {
  const distances = new Map(UNITS.map((unit) => [unit, [...template.matchAll(new RegExp(`\\{${unit}([+-]\\d{1,4}[dh])?\\}`, "g"))].map(([, distance = ""]) => distance)]));
  for (const [at, unit] of UNITS.entries()) {
    const larger = UNITS.slice(0, at).findLast((each) => (distances.get(each) ?? []).length > 0);
    if (larger === undefined) continue;
    const alone = distances.get(unit)?.find((distance) => !distances.get(larger)?.includes(distance));
    if (alone !== undefined) throw new SourceError(`{${unit}${alone}} and {${larger}${distances.get(larger)?.[0] ?? ""}} are of different times, and would not fit together at the turn of a day, month or year. Write {${larger}${alone}}, too.`);
  }
}
