import { deno } from "./deno.js";
import { processMs } from "./outside-world.js";

const SIGINT = 2;
/** A cell that swallows the interrupt gets another, until the host loses patience and kills. */
const REPEAT_MS = 500;
const PARENT_CHECK_MS = 300;
/** A look at the file system costs some 20 µs. */
const INTERRUPT_CHECK_MS = 50;

/**
 * Stops Python code that runs too long. The interpreter polls an "interrupt buffer"; ours is an object with a getter, so a single thread
 * can answer "interrupt now" from the clock. The same poll notices that the host is gone (a computing child would outlive it), and that it
 * wants the cell stopped (`interruptFile` exists): that is a plain KeyboardInterrupt.
 */
export class Deadline {
  readonly #parent = deno.ppid;
  #fireAtMs = Infinity;
  /** Before the prelude is ready for an interrupt, one would go through it and end the session. */
  #armed = false;
  #remainingMs = Infinity;
  #nextParentCheckMs = 0;
  #fired = false;
  #pausedAtMs = 0;
  #waitedMs = 0;
  #nextInterruptCheckMs = Infinity;

  constructor(private readonly interruptFile: string) {}

  /** Time spent in host calls since the start. */
  get waitedMs(): number {
    return this.#waitedMs;
  }

  start(timeoutMs: number): void {
    this.#fired = this.#armed = false;
    this.#waitedMs = 0;
    this.#nextInterruptCheckMs = 0;
    this.#fireAtMs = processMs() + timeoutMs;
  }

  /** Called by the prelude when whatever interrupts the cell from here on is caught. */
  arm(): void {
    this.#armed = true;
  }

  /** Waiting for a host call does not count. */
  pause(): void {
    this.#pausedAtMs = processMs();
    this.#remainingMs = this.#fireAtMs - this.#pausedAtMs;
    this.#fireAtMs = Infinity;
  }

  resume(): void {
    const nowMs = processMs();
    this.#waitedMs += nowMs - this.#pausedAtMs;
    this.#fireAtMs = nowMs + this.#remainingMs;
  }

  stop(): void {
    this.#fireAtMs = Infinity;
    this.#nextInterruptCheckMs = Infinity;
  }

  /** Asked by the prelude when it handles the interrupt: it has arrived, no repetition is needed. */
  acknowledge(): boolean {
    this.#nextInterruptCheckMs = Infinity;
    if (this.#fired) this.stop();
    return this.#fired;
  }

  readonly interruptBuffer = Object.freeze(
    Object.defineProperty({ length: 1 }, 0, {
      get: () => this.#poll(),
      set: () => {},
    }),
  );

  #poll(): number {
    const nowMs = processMs();
    if (nowMs > this.#nextParentCheckMs) {
      this.#nextParentCheckMs = nowMs + PARENT_CHECK_MS;
      if (deno.ppid !== this.#parent) deno.exit(0);
    }
    if (!this.#armed) return 0;
    if (nowMs > this.#nextInterruptCheckMs && this.#isInterrupted(nowMs)) return SIGINT;
    if (nowMs <= this.#fireAtMs) return 0;
    this.#fired = true;
    this.#fireAtMs = nowMs + REPEAT_MS;
    return SIGINT;
  }

  #isInterrupted(nowMs: number): boolean {
    try {
      deno.statSync(this.interruptFile);
      this.#nextInterruptCheckMs = nowMs + REPEAT_MS;
      return true;
    } catch {
      this.#nextInterruptCheckMs = nowMs + INTERRUPT_CHECK_MS;
      return false;
    }
  }
}
