import { setTimeout as delay } from "node:timers/promises";

/** Polls every 20 ms until `condition` holds (true), or `timeoutMs` have passed (false). */
export async function waitUntil(timeoutMs: number, condition: () => boolean): Promise<boolean> {
  const deadlineMs = Date.now() + timeoutMs;
  while (!condition()) {
    if (Date.now() >= deadlineMs) return false;
    await delay(20);
  }
  return true;
}
