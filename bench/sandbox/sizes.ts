/** How much of everything is measured. */
export interface SandboxSizes {
  readonly inputBytes: number;
  readonly temporaryBytes: number;
  readonly heapBytes: number;
  readonly chainTurns: number;
  readonly hostCalls: number;
  readonly turns: number;
}

/** Those of the targets. */
export const FULL_SANDBOX_SIZES: SandboxSizes = { inputBytes: 500_000_000, temporaryBytes: 200_000_000, heapBytes: 40_000_000, chainTurns: 48, hostCalls: 1000, turns: 11 };
/** To see that everything works. */
export const SMALL_SANDBOX_SIZES: SandboxSizes = { inputBytes: 20_000_000, temporaryBytes: 20_000_000, heapBytes: 5_000_000, chainTurns: 6, hostCalls: 20, turns: 3 };
