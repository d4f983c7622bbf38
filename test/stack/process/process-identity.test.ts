import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "vitest";
import { childEnd } from "../../../src/stack/process/end-child.js";
import { isProcessAlive, ownProcessIdentity, readProcessIdentity } from "../../../src/stack/process/process-identity.js";

it("knows this process, the same at every look", () => {
  expect(readProcessIdentity(process.pid)).toEqual(ownProcessIdentity());
  expect(isProcessAlive(ownProcessIdentity())).toBe(true);
});

it("does not take another process with the same pid for the one that was named", () => {
  expect(isProcessAlive({ pid: process.pid, startToken: "of an earlier boot:1" })).toBe(false);
});

it("sees that a process has ended, a zombie included", async () => {
  // The shell's child ends at once, and as `exec sleep` never reaps it, it stays a zombie.
  const parent = spawn("sh", ["-c", "true & echo $!; exec sleep 60"], { stdio: ["ignore", "pipe", "ignore"] });
  const [line] = await once(parent.stdout, "data") as [Buffer];
  const zombiePid = Number(line.toString());
  await expect.poll(() => readProcessIdentity(zombiePid)).toBe(null);
  const identity = readProcessIdentity(parent.pid ?? 0);
  parent.kill("SIGKILL");
  await childEnd(parent);
  expect(identity !== null && isProcessAlive(identity)).toBe(false);
});

it("answers null for numbers that are no pid", () => {
  expect([0, -1, 1.5, Number.NaN, 2 ** 31].map(readProcessIdentity)).toEqual([null, null, null, null, null]);
});
