import type { ChildProcess } from "node:child_process";
import { childEnd, endChild, sweepGroup } from "../../src/stack/process/end-child.js";
import type { Cleanup } from "./cleanup.js";

export interface OwnChild {
  readonly pid: number;
  /** SIGTERM, SIGKILL after a grace time, and the rest of its process group; resolves when it is gone. */
  readonly end: () => Promise<void>;
  /** SIGKILL to this one process only, as an accident would; resolves when it is gone. */
  readonly kill: () => Promise<void>;
}

const GRACE_MS = 5000;

/** Takes charge of a child that leads its own process group, so that a Ctrl-C of the terminal reaches the bench alone. */
export function ownChild(child: ChildProcess, cleanup: Cleanup): OwnChild {
  const killNow = (): void => sweepGroup(child);
  process.once("exit", killNow);
  child.once("exit", () => process.removeListener("exit", killNow));
  return {
    pid: child.pid ?? 0,
    // Nothing for one that has ended: its number may belong to others by now.
    end: cleanup.add(async () => (child.exitCode === null && child.signalCode === null ? endChild(child, GRACE_MS) : undefined)),
    kill: async () => {
      child.kill("SIGKILL");
      await childEnd(child);
    },
  };
}

/** What the child says when it is ready, or an error with its last words when it ends before. */
export async function whenReady<T>(child: ChildProcess, what: string, ready: Promise<T>, stderr: () => string): Promise<T> {
  const died = childEnd(child).then((): never => {
    throw new Error(`${what} ended before it was ready. ${stderr().slice(-2000)}`);
  });
  died.catch(() => undefined);
  return Promise.race([ready, died]);
}
