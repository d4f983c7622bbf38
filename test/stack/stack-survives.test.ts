import { Client, Connection } from "@temporalio/client";
import { expect, it } from "vitest";
import { stackStatus } from "../../src/stack/stack-status.js";
import { stopStack } from "../../src/stack/stop-stack.js";
import { stackForTest, stackProcesses } from "./stack-for-test.js";

const soon = { timeout: 20_000, interval: 50 };

it("starts the worker again when it is killed", async () => {
  const stack = await stackForTest();
  await stack.ensure();
  const { server, worker } = await stackProcesses(stack.home);
  process.kill(worker, "SIGKILL");
  await expect.poll(() => stack.workersSeen().length, soon).toBe(2);
  await expect.poll(async () => (await stackStatus(stack.home)).pids.worker, soon).toBe(stack.workersSeen()[1]?.pid);
  expect(await stackStatus(stack.home)).toMatchObject({ pids: { server }, restarts: { server: 0, worker: 1 } });
});

it("starts the server again on the same address each time it is killed, with its runs, while it is asked for its status", async () => {
  const stack = await stackForTest();
  const { address } = await stack.ensure();
  const connection = await Connection.connect({ address });
  await new Client({ connection }).workflow.start("nobodyRunsIt", { workflowId: "kept", taskQueue: "none" });
  await connection.close();
  const { stack: pid, worker } = await stackProcesses(stack.home);
  for (let kills = 1; kills <= 3; kills++) {
    process.kill((await stackProcesses(stack.home)).server, "SIGKILL");
    await expect.poll(() => stackStatus(stack.home), soon).toMatchObject({
      address, openRuns: 1, pids: { stack: pid, worker }, restarts: { server: kills, worker: 0 },
    });
  }
});

it("is brought back by the next command when the stack itself is killed, with nothing left of the old one", async () => {
  const stack = await stackForTest();
  const before = await stack.ensure();
  const { stack: pid, allGone } = await stackProcesses(stack.home);
  process.kill(pid, "SIGKILL");
  await expect.poll(async () => (await stackStatus(stack.home)).running, soon).toBe(false);
  expect(await stack.ensure()).toMatchObject({ started: true, address: before.address });
  expect(allGone()).toBe(true);
  expect(stack.workersSeen()).toHaveLength(2);
});

it("is cleaned up by a stop when the stack itself was killed", async () => {
  const stack = await stackForTest();
  await stack.ensure();
  const { stack: pid, allGone } = await stackProcesses(stack.home);
  process.kill(pid, "SIGKILL");
  await expect.poll(async () => (await stackStatus(stack.home)).running, soon).toBe(false);
  await stopStack(stack.home);
  expect(allGone()).toBe(true);
});

it("comes back with its runs when stack, server and worker are killed together", async () => {
  const stack = await stackForTest();
  const { address } = await stack.ensure();
  const connection = await Connection.connect({ address });
  await new Client({ connection }).workflow.start("nobodyRunsIt", { workflowId: "kept", taskQueue: "none" });
  await connection.close();
  const { stack: pid, server, worker, allGone } = await stackProcesses(stack.home);
  for (const each of [pid, worker, server]) process.kill(each, "SIGKILL");
  await expect.poll(allGone, soon).toBe(true);
  expect((await stack.ensure()).started).toBe(true);
  await expect.poll(async () => (await stackStatus(stack.home)).openRuns, soon).toBe(1);
});
