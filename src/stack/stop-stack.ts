import { rm } from "node:fs/promises";
import { controlClient } from "./control/control-client.js";
import { StackError } from "./errors.js";
import { homePaths } from "./home.js";
import { endLeftovers } from "./leftovers.js";
import { isLockHeld } from "./process/exclusive-lock.js";
import { isProcessAlive, type ProcessIdentity } from "./process/process-identity.js";
import { waitUntil } from "./process/wait-until.js";
import { readStackState, removeStackState } from "./state-file.js";

/** The worker's 10 s and the server's 5 s of grace, and some air. */
const ORDERLY_MS = 25_000;
const KILLED_MS = 5_000;
/** From the lock to the state file it is a fraction of a second. */
const STARTING_MS = 5_000;

/**
 * Stops the embedded stack of `home`: in order if it listens, else by force; then whatever a dead one left running.
 * Resolves when no process is left and its state is removed. Open runs are kept: the next stack goes on with them.
 *
 * @returns whether anything was running.
 * @throws StackError `stack_did_not_stop` when a process survives SIGKILL (it is stuck in the system, or not ours).
 */
export async function stopStack(home: string): Promise<{ stopped: boolean }> {
  const state = readStackState(home) ?? (await stateOfStarting(home));
  if (state === null) return { stopped: false };
  const wasAlive = isProcessAlive(state.stack);
  if (wasAlive) await stopProcess(state.stack, state.socket, home);
  // Read again: its children may have been started anew since.
  const children = (readStackState(home) ?? state).children;
  const leftAlive = children.filter(isProcessAlive).length;
  const survivors = await endLeftovers(children);
  if (survivors.length > 0) throw didNotStop(survivors.map((child) => child.pid), home);
  removeStackState(home, state.stack);
  for (const file of [state.socket, homePaths(home).dashboard]) await rm(file, { force: true });
  return { stopped: wasAlive || leftAlive > 0 };
}

/** A stack that has its lock and not yet its state is starting: whoever started it may be gone, and it must not come up after `rlm down`. */
async function stateOfStarting(home: string): Promise<ReturnType<typeof readStackState>> {
  if (!(await isLockHeld(homePaths(home).daemonLockDir))) return null;
  await waitUntil(STARTING_MS, () => readStackState(home) !== null);
  return readStackState(home);
}

async function stopProcess(stack: ProcessIdentity, socket: string, home: string): Promise<void> {
  const gone = (): boolean => !isProcessAlive(stack);
  const asked = await controlClient(socket).stop().then(() => true, () => false);
  if (!asked) signal(stack, "SIGTERM");
  if (await waitUntil(ORDERLY_MS, gone)) return;
  signal(stack, "SIGKILL");
  if (!(await waitUntil(KILLED_MS, gone))) throw didNotStop([stack.pid], home);
}

function signal(stack: ProcessIdentity, name: NodeJS.Signals): void {
  try {
    if (isProcessAlive(stack)) process.kill(stack.pid, name);
  } catch {
    // It has just ended, or is not ours; the wait after this tells.
  }
}

function didNotStop(pids: readonly number[], home: string): StackError {
  return new StackError("stack_did_not_stop", `The stack of ${home} did not stop: process ${pids.join(", ")} is still there after SIGKILL.`,
    `Look at it with "ps", end it, and run "rlm down" again. Log: ${homePaths(home).stackLog}`);
}
