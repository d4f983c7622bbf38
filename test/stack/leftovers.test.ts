import { once } from "node:events";
import { spawn, type ChildProcess } from "node:child_process";
import { expect, it, onTestFinished } from "vitest";
import { endLeftovers } from "../../src/stack/leftovers.js";
import { childEnd } from "../../src/stack/process/end-child.js";
import { readProcessIdentity } from "../../src/stack/process/process-identity.js";
import type { RecordedChild } from "../../src/stack/state-file.js";

/** A process group of its own, led by a shell that has said that it runs (its traps are set). */
async function startLeftover(script: string): Promise<{ child: ChildProcess; record: RecordedChild }> {
  const child = spawn("sh", ["-c", script], { stdio: ["ignore", "pipe", "ignore"], detached: true });
  onTestFinished(async () => { child.kill("SIGKILL"); await childEnd(child); });
  await once(child.stdout, "data");
  const identity = readProcessIdentity(child.pid ?? 0);
  if (identity === null) throw new Error("sh did not start");
  return { child, record: { ...identity, role: "server", program: "sh" } };
}

it("ends a recorded process, by force when it ignores SIGTERM", async () => {
  const obedient = await startLeftover("echo up; sleep 60; true");
  const stubborn = await startLeftover("trap '' TERM; echo up; while :; do sleep 1; done");
  expect(await endLeftovers([obedient.record, stubborn.record])).toEqual([]);
  await Promise.all([childEnd(obedient.child), childEnd(stubborn.child)]);
  expect(stubborn.child.signalCode).toBe("SIGKILL");
});

it("touches no process that has only the pid, or another program, in common with the record", async () => {
  const { child, record } = await startLeftover("echo up; sleep 60; true");
  await endLeftovers([{ ...record, startToken: "of an earlier boot:1" }, { ...record, program: "/opt/temporal" }]);
  expect(readProcessIdentity(record.pid)?.startToken).toBe(record.startToken);
  expect(child.signalCode).toBe(null);
});
