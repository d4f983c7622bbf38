import { setTimeout as delay } from "node:timers/promises";

/**
 * Resolves when `isBusy` has answered false for `idleMs` without interruption, or when `signal` is aborted.
 * A failing `isBusy` counts as busy: a server that does not answer may have open runs.
 */
export async function untilIdle(idleMs: number, isBusy: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
  // Five looks per idle time, at least every 15 s: a look costs two small queries.
  const intervalMs = Math.min(15_000, Math.max(50, idleMs / 5));
  let idleSinceMs = Date.now();
  while (!signal.aborted) {
    await delay(intervalMs, undefined, { signal }).catch(() => {});
    if (await isBusy().catch(() => true)) idleSinceMs = Date.now();
    else if (Date.now() - idleSinceMs >= idleMs) return;
  }
}
