import { MAX_CALLS, MAX_CELL_REQUEST_BYTES, MAX_READS, type SuspendedHead } from "./child/protocol.js";
import type { NondeterministicRead } from "./session.js";

/** Entropy of 32 bytes as base64. */
const MAX_READ_CHARS = 64;

/** Holds one cell's suspensions against what an honest child could send: it keeps these limits itself, in Python's sight. */
export class SuspensionCheck {
  #nextSeq: number | null = null;
  #bytes = 0;

  readonly #maxBytes: number;

  /** @param journalLength suspensions that a replay may answer by itself. @param runBytesLeft what the run leaves for the cell's requests. */
  constructor(private readonly journalLength: number, runBytesLeft: number) {
    this.#maxBytes = Math.min(runBytesLeft, MAX_CELL_REQUEST_BYTES);
  }

  /** Whether this suspension may come now. The first may have any number that the journal explains, each further one is the next. */
  accepts({ seq, reads, divergedAtSeq }: SuspendedHead, requestBytes: number, calls: number): boolean {
    this.#bytes += requestBytes;
    const inOrder = this.#nextSeq === null ? seq <= this.journalLength : seq === this.#nextSeq;
    this.#nextSeq = seq + 1;
    return (
      inOrder &&
      (divergedAtSeq === null || divergedAtSeq <= Math.min(seq, this.journalLength)) &&
      areBounded(reads) &&
      calls > 0 &&
      calls <= MAX_CALLS &&
      this.#bytes <= this.#maxBytes
    );
  }
}

/** Whether an honest child could have read so much, and such values, between two stops of a cell. */
export function areBounded(reads: readonly NondeterministicRead[]): boolean {
  return reads.length <= MAX_READS && reads.every(([, value]) => typeof value === "number" || value.length <= MAX_READ_CHARS);
}
