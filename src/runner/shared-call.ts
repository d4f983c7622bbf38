/**
 * One piece of work that several callers wait for. It is aborted when all of them have gone away: a stale try of an activity must not take the
 * valid one's request down with it.
 */
export class SharedCall<T> {
  readonly promise: Promise<T>;
  readonly #abort = new AbortController();
  #waiting = 0;

  constructor(work: (signal: AbortSignal) => Promise<T>) {
    this.promise = work(this.#abort.signal);
  }

  /** Without a signal the caller never goes away. */
  join(signal: AbortSignal | undefined): Promise<T> {
    this.#waiting += 1;
    const leave = (): void => {
      this.#waiting -= 1;
      if (this.#waiting === 0) this.#abort.abort(signal?.reason);
    };
    if (signal?.aborted === true) leave();
    else signal?.addEventListener("abort", leave, { once: true });
    return this.promise.finally(() => signal?.removeEventListener("abort", leave));
  }
}
