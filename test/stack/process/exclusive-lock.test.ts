import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { childEnd } from "../../../src/stack/process/end-child.js";
import { acquireLock, withLock } from "../../../src/stack/process/exclusive-lock.js";
import { readProcessIdentity } from "../../../src/stack/process/process-identity.js";
import { tempHome } from "../temp-home.js";

it("is held by one at a time, and all get their turn", async () => {
  const dir = path.join(tempHome(), "lock");
  let inside = 0;
  let most = 0;
  await Promise.all(Array.from({ length: 6 }, () => withLock(dir, 20_000, async () => {
    most = Math.max(most, ++inside);
    await new Promise(setImmediate);
    inside--;
  })));
  expect(most).toBe(1);
  expect(readdirSync(dir)).toEqual([]);
});

it("is refused while its holder lives and free once it is dead, whatever was left behind", async () => {
  const dir = path.join(tempHome(), "lock");
  const holder = spawn("sleep", ["60"], { stdio: "ignore" });
  const identity = readProcessIdentity(holder.pid ?? 0);
  if (identity === null) throw new Error("sleep did not start");
  mkdirSync(dir);
  writeFileSync(path.join(dir, `${identity.pid}.${Buffer.from(identity.startToken).toString("base64url")}.0`), "");
  expect(await acquireLock(dir, 0)).toBe(null);
  holder.kill("SIGKILL");
  await childEnd(holder);
  const lock = await acquireLock(dir, 0);
  expect(lock).not.toBe(null);
  await lock?.release();
  expect(readdirSync(dir)).toEqual([]);
});

it("can be taken again after the work under it threw", async () => {
  const dir = path.join(tempHome(), "lock");
  await expect(withLock(dir, 0, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await withLock(dir, 0, async () => 1)).toEqual({ value: 1 });
});
