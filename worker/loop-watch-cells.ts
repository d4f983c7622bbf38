/** What the watched thread and its watcher share. */
export interface LoopWatchData {
  /** Int32 cells: see below. */
  readonly cells: Int32Array;
  readonly beatMs: number;
}

/** Grows while the event loop runs. */
export const BEATS = 0;
/** How long it may stand still, in milliseconds. */
export const LIMIT_MS = 1;
