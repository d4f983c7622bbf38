/** A process of the embedded stack must not outlive it. */
export function exitWithParent(onGone: () => void, intervalMs = 500): NodeJS.Timeout {
  const parentPid = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid !== parentPid) onGone();
  }, intervalMs);
  timer.unref();
  return timer;
}
