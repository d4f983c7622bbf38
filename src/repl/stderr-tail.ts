const KEPT_BYTES = 4096;

/** Drains a stream that nobody reads otherwise, and keeps its end for error messages. */
export class StderrTail {
  #tail = Buffer.alloc(0);

  add(chunk: Buffer): void {
    this.#tail = Buffer.concat([this.#tail, chunk.subarray(-KEPT_BYTES)]).subarray(-KEPT_BYTES);
  }

  get text(): string {
    return this.#tail.toString("utf8").trim();
  }
}
