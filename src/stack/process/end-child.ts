import type { ChildProcess } from "node:child_process";

/** Resolves when `child` has ended; at once if it has already, or never started. */
export function childEnd(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return Promise.resolve();
  return new Promise((resolve) => { child.once("exit", () => resolve()); });
}

/**
 * Ends a child that leads its own process group: SIGTERM to it, SIGKILL after `graceMs`, and SIGKILL to what is then
 * left of its group (a worker's sandboxes). Resolves when it has ended.
 */
export async function endChild(child: ChildProcess, graceMs: number): Promise<void> {
  const ended = childEnd(child);
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), graceMs);
  await ended;
  clearTimeout(timer);
  sweepGroup(child);
}

/** Kills the rest of the process group of a child that has just ended. At once, or the number may belong to others. */
export function sweepGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // Usual: nobody is left in it.
  }
}
