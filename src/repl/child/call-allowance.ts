import { MAX_CALLS, MAX_CELL_REQUEST_BYTES, MAX_REQUEST_BYTES } from "./protocol.js";

const MIB = 2 ** 20;

/** What one cell may ask of the host. Replayed calls count too, so that a replay is refused where the cell was. */
export class CallAllowance {
  #bytes = 0;
  #runBytesLeft = 0;

  /** @param runBytesLeft what the cells before have left of the run's. */
  start(runBytesLeft: number): void {
    this.#bytes = 0;
    this.#runBytesLeft = runBytesLeft;
  }

  /** @throws {RangeError} with a text for the model; nothing is counted then. */
  claim(bytes: number, calls: number): void {
    if (calls > MAX_CALLS) throw new RangeError(`${calls} calls at once; at most ${MAX_CALLS} are possible. Send them in smaller batches.`);
    if (bytes > MAX_REQUEST_BYTES) {
      throw new RangeError(`The prompts and arguments of one batch are more than ${MAX_REQUEST_BYTES / MIB} MiB together. Send them in smaller batches.`);
    }
    if (this.#bytes + bytes > MAX_CELL_REQUEST_BYTES) {
      throw new RangeError(`The prompts and arguments of this cell are more than ${MAX_CELL_REQUEST_BYTES / MIB} MiB together; nothing more can be sent in it. Send shorter prompts, or go on in the next cell.`);
    }
    if (this.#bytes + bytes > this.#runBytesLeft) {
      throw new RangeError("The prompts and arguments of this run have reached the bound of all its cells together (2 GiB); nothing more can be sent in it. Finish with what you have: call SUBMIT.");
    }
    this.#bytes += bytes;
  }
}
