/** Middle value, of an even count the upper one; `NaN` of none. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** The median of one property over all items. */
export function medianOf<T>(items: readonly T[], pick: (item: T) => number): number {
  return median(items.map(pick));
}

/** Three significant digits and a unit a person reads with ease. */
export function formatMs(ms: number): string {
  if (Number.isNaN(ms)) return "n/a";
  return Math.abs(ms) >= 1000 ? `${(ms / 1000).toFixed(2)} s` : `${ms.toFixed(Math.abs(ms) >= 100 ? 0 : 1)} ms`;
}

export function formatBytes(bytes: number | null): string {
  return bytes === null ? "n/a" : `${(bytes / 1e6).toFixed(0)} MB`;
}
