import { mkdir, open, readdir, rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { isProcessAlive, ownProcessIdentity } from "./process-identity.js";

export interface ExclusiveLock {
  /** May be called twice; the second call does nothing. */
  release(): Promise<void>;
}

let counter = 0;

/**
 * Takes the lock kept in the directory `dir` for this process, waiting up to `waitMs` for another holder.
 * Returns null when it is still held by a live process after that time.
 *
 * A holder is a file whose name carries pid and start time, made with O_EXCL. Whoever has made his file lists the
 * directory and owns the lock if no other live holder is there; otherwise he takes his file back and tries again.
 * Of two contenders at least one sees the other, so two never own it. Files of dead processes are removed by whoever
 * meets them; as a name is never used twice, that can never remove the lock of a live one (the usual race of a
 * single lock file that is found stale by two processes at once).
 */
export async function acquireLock(dir: string, waitMs: number): Promise<ExclusiveLock | null> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const name = holderName();
  const file = path.join(dir, name);
  const deadlineMs = Date.now() + waitMs;
  for (;;) {
    if (!(await heldByOther(dir, name))) {
      await (await open(file, "wx", 0o600)).close();
      if (!(await heldByOther(dir, name))) return { release: () => rm(file, { force: true }) };
      await rm(file, { force: true });
    }
    if (Date.now() >= deadlineMs) return null;
    await delay(10 + Math.random() * 40);
  }
}

/** Runs `work` under the lock; the lock is released however it ends. Null when the lock was not free within `waitMs`. */
export async function withLock<T>(dir: string, waitMs: number, work: () => Promise<T>): Promise<{ value: T } | null> {
  const lock = await acquireLock(dir, waitMs);
  if (lock === null) return null;
  try {
    return { value: await work() };
  } finally {
    await lock.release();
  }
}

/** Whether a live process holds the lock. */
export async function isLockHeld(dir: string): Promise<boolean> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  return heldByOther(dir, "");
}

function holderName(): string {
  const { pid, startToken } = ownProcessIdentity();
  return `${pid}.${Buffer.from(startToken).toString("base64url")}.${counter++}`;
}

async function heldByOther(dir: string, ownName: string): Promise<boolean> {
  let held = false;
  for (const name of await readdir(dir)) {
    if (name === ownName) continue;
    const [pid, token] = name.split(".");
    const startToken = Buffer.from(token ?? "", "base64url").toString();
    if (isProcessAlive({ pid: Number(pid), startToken })) held = true;
    else await rm(path.join(dir, name), { force: true });
  }
  return held;
}
