/** True for a day that exists, written `2025-02-28`. */
export function isCalendarDate(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return false;
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number];
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

/** True for what Python's `datetime.isoformat()` writes: a day, `T` or a blank, a time, and a zone or none. */
export function isIsoDateTime(text: string): boolean {
  const match = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2}(?::\d{2})?)?$/.exec(text);
  if (match === null) return false;
  const [, day = "", hour = "0", minute = "0", second = "0"] = match;
  return isCalendarDate(day) && Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
