const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Milliseconds of a duration such as `500ms`, `60s`, `1.5h`, `1h30m`.
 *
 * @throws RangeError when it is anything else; a number without a unit is refused, because seconds and milliseconds are too easily mistaken
 */
export function parseDuration(text: string): number {
  const trimmed = text.trim();
  const parts = [...trimmed.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)\s*/gy)];
  const length = parts.reduce((sum, [part]) => sum + part.length, 0);
  let totalMs = 0;
  for (const [, amount = "", unit = ""] of parts) totalMs += Number(amount) * (UNIT_MS[unit] ?? Number.NaN);
  if (trimmed === "" || length !== trimmed.length || !Number.isSafeInteger(Math.round(totalMs))) {
    const cure = /^\d+(\.\d+)?$/.test(trimmed) ? `Add a unit: \`${trimmed}s\` or \`${trimmed}ms\`.` : "Write it like `500ms`, `60s`, `10m`, `1h30m` or `2d`.";
    throw new RangeError(`"${text}" is not a duration. ${cure}`);
  }
  return Math.round(totalMs);
}
