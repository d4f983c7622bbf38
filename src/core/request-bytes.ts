import type { RunState } from "./run-state.js";

/**
 * All prompts and arguments that the cells of one run may ask to send. Each suspension is stored before the budget can refuse it, so a cell that catches
 * the refusals and goes on asking would fill the disk. Four times what an honest run needs that sends a 500 MB input to sub-calls once.
 */
const MAX_RUN_REQUEST_BYTES = 2 * 2 ** 30;

/** Pure: what the next cell may ask for, in bytes. */
export function requestBytesLeft({ requestBytes }: Pick<RunState, "requestBytes">): number {
  return Math.max(0, MAX_RUN_REQUEST_BYTES - requestBytes);
}
