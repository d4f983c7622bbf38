/** Ways to have JavaScript call back later. Nothing ever comes of it between commands, and no image could keep it. */
const SCHEDULERS = ["setTimeout", "setInterval", "setImmediate"] as const;

/** Counts what cells schedule. Pyodide's own event loop, which cells can reach by import, schedules its timers here. */
export class PendingTimers {
  #count = 0;

  /** @param isCellRunning what is scheduled otherwise, e.g. while packages are loaded, is waited for by whoever did it. */
  constructor(private readonly isCellRunning: () => boolean) {}

  watch(): void {
    for (const name of SCHEDULERS) {
      const schedule = globalThis[name] as (...args: readonly unknown[]) => unknown;
      Object.defineProperty(globalThis, name, {
        configurable: true,
        writable: true,
        value: (...args: readonly unknown[]) => {
          if (this.isCellRunning()) this.#count++;
          return schedule(...args);
        },
      });
    }
  }

  get any(): boolean {
    return this.#count > 0;
  }
}
