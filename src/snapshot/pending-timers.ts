/** JavaScript timers that were set and have neither struck nor been cleared. */
export interface PendingTimers {
  readonly count: number;
}

type Handle = ReturnType<typeof setTimeout>;

/**
 * Counts timers from here on. No image can keep one: what it would call is a JavaScript function, and Python waiting for it would wait for ever
 * after a restore. Call before Pyodide is loaded.
 */
export function countTimers(): PendingTimers {
  const pending = new Set<Handle>();
  const { setTimeout: set, clearTimeout: clear, setInterval: repeat, clearInterval: stop } = globalThis;
  globalThis.setTimeout = ((strike: (...args: unknown[]) => void, delayMs?: number, ...args: unknown[]) => {
    const handle = set(() => {
      pending.delete(handle);
      strike(...args);
    }, delayMs);
    pending.add(handle);
    return handle;
  }) as typeof setTimeout;
  globalThis.setInterval = ((strike: (...args: unknown[]) => void, delayMs?: number, ...args: unknown[]) => {
    const handle = repeat(() => strike(...args), delayMs);
    pending.add(handle);
    return handle;
  }) as typeof setInterval;
  const forgetting = (release: (handle: Handle) => void) => (handle: Handle) => {
    pending.delete(handle);
    release(handle);
  };
  globalThis.clearTimeout = forgetting(clear) as typeof clearTimeout;
  globalThis.clearInterval = forgetting(stop) as typeof clearInterval;
  return {
    get count() {
      return pending.size;
    },
  };
}
