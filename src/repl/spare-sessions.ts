import type { SandboxSession } from "./sandbox-session.js";

/** Not while the run that took the last one makes its first steps. */
const REFILL_DELAY_MS = 2_000;

/**
 * Processes that are started ahead and have Pyodide loaded, but no image: whatever is restored in one, a base image or the chain of a run whose process
 * was lost, is ready in half the time. They have seen nothing of any run.
 */
export class SpareSessions implements AsyncDisposable {
  #waiting: Promise<SandboxSession>[] = [];
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  /** @param size how many are kept. */
  constructor(
    private readonly size: number,
    private readonly start: () => Promise<SandboxSession>,
  ) {}

  /** A process of its own for the caller; from now on none is started for a while. */
  async take(): Promise<SandboxSession> {
    clearTimeout(this.#timer);
    const spare = await this.#waiting.shift()?.catch(() => null);
    if (spare?.isDead === false) return spare;
    await spare?.[Symbol.asyncDispose]();
    return this.start();
  }

  /** Starts what is missing, a while after the last of these calls. */
  refillLater(): void {
    clearTimeout(this.#timer);
    if (this.#closed || this.#waiting.length >= this.size) return;
    this.#timer = setTimeout(() => this.#refill(), REFILL_DELAY_MS).unref();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await Promise.allSettled(this.#waiting.splice(0).map(async (starting) => (await starting)[Symbol.asyncDispose]()));
  }

  #refill(): void {
    while (this.#waiting.length < this.size) {
      const starting = this.start();
      // Whoever takes it starts another.
      starting.catch(() => undefined);
      this.#waiting.push(starting);
    }
  }
}
