/** Everything that must be gone when the bench ends, however it ends; undone in reverse order. */
export class Cleanup {
  readonly #undos = new Set<() => Promise<void>>();
  #closed = false;

  /** Keeps `undo` for the end. Returns a function that does it now instead. Throws, and undoes at once, when the bench is already ending. */
  add(undo: () => Promise<void>): () => Promise<void> {
    if (this.#closed) void undo();
    this.assertOpen();
    this.#undos.add(undo);
    return async () => {
      if (this.#undos.delete(undo)) await undo();
    };
  }

  /** The end has begun: failures from now on are its consequences. */
  get closed(): boolean {
    return this.#closed;
  }

  /** @throws Error when the bench is already ending: nothing more is to be started */
  assertOpen(): void {
    if (this.#closed) throw new Error("The bench is ending.");
  }

  async run(): Promise<void> {
    this.#closed = true;
    for (const undo of [...this.#undos].reverse()) {
      await undo().catch((error: unknown) => process.stderr.write(`While cleaning up: ${String(error)}\n`));
    }
    this.#undos.clear();
  }
}
