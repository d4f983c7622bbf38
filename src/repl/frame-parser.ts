import { FRAME_HEADER_BYTES } from "./child/protocol.js";

export interface Frame {
  readonly type: number;
  readonly payload: Buffer;
}

/** Longest payload of each frame type that may come next; a type that is not there may not come. */
export type Expectation = Readonly<Partial<Record<number, number>>>;

/** The stream broke the rules of framing. */
class FramingError extends Error {
  override readonly name = "FramingError";
}

/**
 * Cuts an untrusted byte stream into frames, on demand. Chunks are kept as they came and joined once per frame, so that a frame of many MB
 * costs one copy; what is held is bounded by the longest frame that is acceptable.
 */
export class FrameParser {
  #chunks: Buffer[] = [];
  #held = 0;
  #expected: { type: number; length: number } | null = null;

  add(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#held += chunk.length;
  }

  /**
   * The next frame, or `null` while it is not complete. `maxBytes`: longest payload by frame type; a type that is not there is not acceptable.
   * @throws {FramingError} a frame that is not acceptable, as soon as its header is there.
   */
  read(maxBytes: Expectation): Frame | null {
    if (this.#expected === null) {
      if (this.#held < FRAME_HEADER_BYTES) return null;
      const header = this.#take(FRAME_HEADER_BYTES);
      this.#expected = { length: header.readUInt32LE(0), type: header.readUInt8(4) };
    }
    const { type, length } = this.#expected;
    const limit = maxBytes[type];
    if (limit === undefined) throw new FramingError(`a frame of type ${type} was not expected`);
    if (length > limit) throw new FramingError(`a frame of type ${type} announces ${length} bytes; at most ${limit} are allowed`);
    if (this.#held < length) return null;
    this.#expected = null;
    return { type, payload: this.#take(length) };
  }

  #take(length: number): Buffer {
    const taken: Buffer[] = [];
    let missing = length;
    while (missing > 0) {
      const [first] = this.#chunks;
      if (first === undefined) break;
      if (first.length <= missing) {
        taken.push(first);
        this.#chunks.shift();
        missing -= first.length;
      } else {
        taken.push(first.subarray(0, missing));
        this.#chunks[0] = first.subarray(missing);
        missing = 0;
      }
    }
    this.#held -= length;
    const [only] = taken;
    return taken.length === 1 && only !== undefined ? only : Buffer.concat(taken, length);
  }
}
