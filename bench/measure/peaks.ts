import type { PeakMemory } from "../memory.js";
import { formatBytes, median } from "../numbers.js";

/** Medians by process. */
export function medianOfPeaks(runs: readonly { readonly peak: PeakMemory }[]): string {
  const of = (pick: (peak: PeakMemory) => number | null): string => {
    const values = runs.map(({ peak }) => pick(peak)).filter((bytes) => bytes !== null);
    return formatBytes(values.length === 0 ? null : median(values));
  };
  return `worker ${of(({ workerBytes }) => workerBytes)}, sandbox ${of(({ childBytes }) => childBytes)}`;
}
