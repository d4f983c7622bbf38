import { Client, Connection } from "@temporalio/client";
import { expect, it } from "vitest";
import { stackStatus } from "../../src/stack/stack-status.js";
import { stackForTest, stackProcesses } from "./stack-for-test.js";

const soon = { timeout: 20_000, interval: 50 };
const IDLE_MS = 600;

it("leaves by itself when nobody uses it for the idle time, and not while a command does", async () => {
  const stack = await stackForTest();
  const env = { ...stack.env, RLM_STACK_IDLE: `${IDLE_MS}ms` };
  const { release } = await stack.ensure({ env });
  const { allGone } = await stackProcesses(stack.home);
  // The only way to see that it does not leave is to give it twice the time in which it would.
  await new Promise((resolve) => setTimeout(resolve, 2 * IDLE_MS));
  expect((await stackStatus(stack.home)).phase).toBe("ready");
  await release();
  await expect.poll(allGone, soon).toBe(true);
  await expect.poll(async () => (await stackStatus(stack.home)).phase, soon).toBe("stopped");
});

it("stays while a run is open and leaves after its end", async () => {
  const stack = await stackForTest();
  const { address, release } = await stack.ensure({ env: { ...stack.env, RLM_STACK_IDLE: `${IDLE_MS}ms` } });
  const connection = await Connection.connect({ address });
  const handle = await new Client({ connection }).workflow.start("nobodyRunsIt", { workflowId: "open", taskQueue: "none" });
  await expect.poll(async () => (await stackStatus(stack.home)).openRuns, soon).toBe(1);
  await release();
  const { allGone } = await stackProcesses(stack.home);
  await new Promise((resolve) => setTimeout(resolve, 2 * IDLE_MS));
  expect(allGone()).toBe(false);
  await handle.terminate();
  await connection.close();
  await expect.poll(allGone, soon).toBe(true);
});

it("stays while a schedule is active, not while it is paused", async () => {
  const stack = await stackForTest();
  const { address, release } = await stack.ensure({ env: { ...stack.env, RLM_STACK_IDLE: `${IDLE_MS}ms` } });
  const connection = await Connection.connect({ address });
  const schedule = await new Client({ connection }).schedule.create({
    scheduleId: "monthly", spec: { intervals: [{ every: "30 days" }] },
    action: { type: "startWorkflow", workflowType: "nobodyRunsIt", taskQueue: "none" },
  });
  await release();
  const { allGone } = await stackProcesses(stack.home);
  await new Promise((resolve) => setTimeout(resolve, 2 * IDLE_MS));
  expect(allGone()).toBe(false);
  await schedule.pause();
  await connection.close();
  await expect.poll(allGone, soon).toBe(true);
});
