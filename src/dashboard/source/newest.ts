import { setTimeout as sleep } from "node:timers/promises";

/**
 * The newest of what a source gives, when it is silent for `quietMs` or `atLeastMs` have passed since the last: a history that is read from its start
 * comes in a burst, and half of it would show a run that is long over.
 */
export async function* newest<T>(source: AsyncGenerator<T>, { quietMs, atLeastMs }: { readonly quietMs: number; readonly atLeastMs: number }): AsyncGenerator<T> {
  let held: { readonly value: T } | null = null;
  let heldSinceMs = 0;
  let next = source.next();
  try {
    for (;;) {
      const given: IteratorResult<T> | "quiet" = held === null ? await next : await within(next, Math.max(0, Math.min(quietMs, heldSinceMs + atLeastMs - Date.now())));
      if (given === "quiet" || given.done === true) {
        if (held !== null) yield held.value;
        held = null;
        if (given !== "quiet") return;
        continue;
      }
      if (held === null) heldSinceMs = Date.now();
      held = { value: given.value };
      next = source.next();
    }
  } finally {
    await source.return(undefined);
  }
}

async function within<T>(promise: Promise<T>, ms: number): Promise<T | "quiet"> {
  const timer = new AbortController();
  try {
    return await Promise.race([promise, sleep(ms, "quiet" as const, { signal: timer.signal })]);
  } finally {
    timer.abort();
  }
}
