const FIRST_MS = 100;
const LONGEST_MS = 5_000;

/** Pause before the next start after `failuresInARow` (from 1) ends: 100 ms, doubled each time, at most 5 s. */
export function restartDelayMs(failuresInARow: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failuresInARow - 1, 16));
}
