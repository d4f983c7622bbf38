/** How much of everything is measured. */
export interface Sizes {
  readonly turns: number;
  readonly sequentialCalls: number;
  readonly batchCalls: number;
  readonly inputBytes: number;
  readonly noops: number;
}

/** Those of the targets. */
export const FULL_SIZES: Sizes = { turns: 20, sequentialCalls: 50, batchCalls: 1000, inputBytes: 100_000_000, noops: 100 };
/** To see that everything works; the figures mean little. */
export const SMALL_SIZES: Sizes = { turns: 5, sequentialCalls: 6, batchCalls: 60, inputBytes: 5_000_000, noops: 20 };
