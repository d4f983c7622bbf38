import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { childPids } from "../helpers/child-pids.js";
import { SandboxFixture } from "./sandbox-fixture.js";

const SLOW = { timeout: 60_000, interval: 50 };

it("restores in a process that was started ahead; one that was killed meanwhile is replaced; none is left behind", async () => {
  const before = childPids(process.pid);
  const started = (): number[] => childPids(process.pid).filter((pid) => !before.includes(pid));
  await using fixture = await SandboxFixture.open({ bubblewrap: "off", spares: 1 });
  const first = await fixture.begin();
  await first.run("state = [1, 2]; import time; seen = time.monotonic()");
  const spare = await vi.waitFor(() => {
    const [pid] = started().filter((each) => each !== first.session.pid);
    if (pid === undefined) throw new Error("no process was started ahead");
    return pid;
  }, SLOW);

  const second = await fixture.reopen(first);
  expect(second.session.pid).toBe(spare);
  expect(await second.print("state, time.monotonic() >= seen")).toBe("[1, 2] True");

  const doomed = await vi.waitFor(() => {
    const [pid] = started().filter((each) => each !== first.session.pid && each !== second.session.pid);
    if (pid === undefined) throw new Error("no other process was started ahead");
    return pid;
  }, SLOW);
  process.kill(doomed, "SIGKILL");
  await vi.waitFor(() => expect(started()).not.toContain(doomed), SLOW);
  const third = await fixture.reopen(second);
  expect(third.session.pid).not.toBe(doomed);
  expect(await third.print("state")).toBe("[1, 2]");

  for (const { session } of [first, second, third]) await session[Symbol.asyncDispose]();
  await fixture.factory[Symbol.asyncDispose]();
  expect(started()).toEqual([]);
  expect(readdirSync(join(fixture.directory, "sessions")).filter((name) => name.startsWith("session-"))).toEqual([]);
});
