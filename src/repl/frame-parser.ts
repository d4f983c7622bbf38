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
 * Cuts an untrusted byte stream into frames, on demand. The payload's bytes go straight into one buffer of the announced length: one copy however large the
 * frame, and a child that writes byte by byte costs no more memory than its bytes. The system gives a large buffer memory only as it fills, so a mere
 * announcement costs nothing.
 */
export class FrameParser {
  /** Bytes that came and were not looked at yet: at most what a paused stream still delivers. */
  #unread: Buffer[] = [];
  readonly #header = Buffer.alloc(FRAME_HEADER_BYTES);
  #headerFilled = 0;
  #payload: Buffer | null = null;
  #payloadFilled = 0;

  add(chunk: Buffer): void {
    this.#unread.push(chunk);
  }

  /**
   * The next frame, or `null` while it is not complete. `maxBytes`: longest payload by frame type; a type that is not there is not acceptable.
   * @throws {FramingError} a frame that is not acceptable, as soon as its header is there.
   */
  read(maxBytes: Expectation): Frame | null {
    if (this.#headerFilled < FRAME_HEADER_BYTES) {
      this.#headerFilled += this.#moveInto(this.#header, this.#headerFilled);
      if (this.#headerFilled < FRAME_HEADER_BYTES) return null;
    }
    const type = this.#header.readUInt8(4);
    this.#payload ??= allocate(checkedLength(type, this.#header.readUInt32LE(0), maxBytes));
    this.#payloadFilled += this.#moveInto(this.#payload, this.#payloadFilled);
    if (this.#payloadFilled < this.#payload.length) return null;
    const frame = { type, payload: this.#payload };
    this.#payload = null;
    this.#headerFilled = this.#payloadFilled = 0;
    return frame;
  }

  /** Moves unread bytes into `target` from `at` on. Returns how many. */
  #moveInto(target: Buffer, at: number): number {
    let moved = 0;
    for (;;) {
      const [first] = this.#unread;
      if (first === undefined || at + moved === target.length) return moved;
      const count = first.copy(target, at + moved);
      moved += count;
      if (count === first.length) this.#unread.shift();
      else this.#unread[0] = first.subarray(count);
    }
  }
}

/** Small ones, like those of a host call, out of Node's pool: memory of its own for each makes work for the garbage collector. */
function allocate(bytes: number): Buffer {
  return bytes <= Buffer.poolSize / 2 ? Buffer.allocUnsafe(bytes) : Buffer.allocUnsafeSlow(bytes);
}

function checkedLength(type: number, length: number, maxBytes: Expectation): number {
  const limit = maxBytes[type];
  if (limit === undefined) throw new FramingError(`a frame of type ${type} was not expected`);
  if (length > limit) throw new FramingError(`a frame of type ${type} announces ${length} bytes; at most ${limit} are allowed`);
  return length;
}
