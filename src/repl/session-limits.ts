/** Bounds of everything but the cell itself; generous, because a large heap is compressed in one go. */
export const START_TIMEOUT_MS = 120_000;
export const CAPTURE_TIMEOUT_MS = 120_000;
export const LOAD_TIMEOUT_MS = 600_000;

export const SMALL = 64 * 1024;
/** Of a cell: three texts of at most a million characters, and 8 MiB of outputs, all quoted as JSON. Variables of the inputs need far less. */
export const MAX_RESULT_BYTES = 40 * 2 ** 20;
/** Head of a suspension: 20,000 reads of at most 64 characters. */
export const MAX_HEAD_BYTES = 4 * 2 ** 20;
