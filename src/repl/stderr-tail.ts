const KEPT_BYTES = 4096;

/** Keeps the end of a stream for error messages, in memory that does not grow, and counts the whole. */
export class StderrTail {
  readonly #ring = Buffer.alloc(KEPT_BYTES);
  #bytes = 0;

  add(chunk: Buffer): void {
    const kept = chunk.subarray(-KEPT_BYTES);
    const at = (this.#bytes + chunk.length - kept.length) % KEPT_BYTES;
    const copied = kept.copy(this.#ring, at);
    kept.copy(this.#ring, 0, copied);
    this.#bytes += chunk.length;
  }

  /** All bytes so far. */
  get bytes(): number {
    return this.#bytes;
  }

  get text(): string {
    const end = this.#bytes % KEPT_BYTES;
    const kept = this.#bytes < KEPT_BYTES ? this.#ring.subarray(0, end) : Buffer.concat([this.#ring.subarray(end), this.#ring.subarray(0, end)]);
    return kept.toString("utf8").trim();
  }
}
