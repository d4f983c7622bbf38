import type { BlockedDetails } from "./failure-types.js";

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

/**
 * How long a blocked run waits before it looks again by itself. Keys and quotas are mended by a person, who says `rlm retry`; a store or a worker
 * comes back without a word. The pauses grow: every look costs events of the history.
 * @param inARow 1 for the first wait
 * @returns `null`: only a person ends the wait
 */
export function blockedPauseMs(kind: BlockedDetails["kind"], inARow: number): number | null {
  if (kind === "limit") return null;
  if (kind === "credentials" || kind === "quota") return 10 * MINUTE_MS;
  return Math.min(10 * MINUTE_MS, 15 * SECOND_MS * 2 ** (inARow - 1));
}

/** How long a task waits for a worker after workers were seen, all of them busy, `timesBefore` times already. It grows: every look costs events of the history. */
export function queueWaitMs(firstMs: number, timesBefore: number): number {
  return Math.min(10 * MINUTE_MS, firstMs * 3 ** timesBefore);
}

/**
 * Calls that take longer have their session watched meanwhile, so that a lost one is known when they are through: with a queue's two seconds sooner than calls
 * of a second that died with it are, because those are noticed after two to three.
 */
export const WATCH_SESSION_AFTER_MS = 1.2 * SECOND_MS;

/** Rebuilds in a row after which the run waits for a person: something is wrong that another try does not mend. */
export const MAX_REBUILDS_IN_A_ROW = 8;

/** Pause before a rebuild: none for the first two, a killed worker is the common cause; then it grows, so that a passing fault can pass. */
export function rebuildPauseMs(rebuildsInARow: number): number {
  return rebuildsInARow <= 2 ? 0 : Math.min(30 * SECOND_MS, SECOND_MS * 2 ** (rebuildsInARow - 3));
}
