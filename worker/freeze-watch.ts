const TICK_MS = 500;
/** Longer than this nobody waits for a worker: heartbeats and the queues of sessions have less than 3 s, the server's pings 5. */
const FROZEN_MS = 5_000;

/** Tells when this process goes on after it stood still: it was stopped (SIGSTOP), its machine slept or was paused. Ends with the process, or when the result is called. */
export function watchFreezes(onThaw: () => void): () => void {
  let tickAtMs = Date.now();
  const timer = setInterval(() => {
    const stoodStillMs = Date.now() - tickAtMs - TICK_MS;
    tickAtMs = Date.now();
    if (stoodStillMs > FROZEN_MS) onThaw();
  }, TICK_MS).unref();
  return () => clearInterval(timer);
}
