import { commandLine } from "./process/command-line.js";
import { isProcessAlive } from "./process/process-identity.js";
import { waitUntil } from "./process/wait-until.js";
import type { RecordedChild } from "./state-file.js";

/** Time to end by itself after SIGTERM. Short: everything here is made to survive SIGKILL. */
const GRACE_MS = 3_000;

/**
 * Ends what a dead stack left running, and waits until it is gone. Only a process with the recorded pid, start time
 * and program is touched.
 *
 * @returns the children that are still alive: empty, unless the system refuses to kill them.
 */
export async function endLeftovers(children: readonly RecordedChild[]): Promise<readonly RecordedChild[]> {
  const alive = children.filter(isLeftover);
  for (const child of alive) signalGroup(child.pid, "SIGTERM");
  if (!(await waitUntil(GRACE_MS, () => !alive.some(isLeftover)))) {
    for (const child of alive.filter(isLeftover)) signalGroup(child.pid, "SIGKILL");
    await waitUntil(GRACE_MS, () => !alive.some(isLeftover));
  }
  return alive.filter(isLeftover);
}

/** Whether the very process that was recorded still runs. */
export function isLeftover(child: RecordedChild): boolean {
  return isProcessAlive(child) && commandLine(child.pid).includes(child.program);
}

/** Children lead process groups of their own; the group is asked, so that a worker's sandboxes go with it. */
function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It has just ended.
  }
}
