import { once } from "node:events";
import { spawn } from "node:child_process";
import { expect, it } from "vitest";
import { compiledProgram } from "../../src/stack/package-files.js";
import { childEnd } from "../../src/stack/process/end-child.js";
import { runStack } from "../../src/stack/run-stack.js";
import { stackStatus } from "../../src/stack/stack-status.js";
import { stackForTest, stackProcesses, workerStandIn } from "./stack-for-test.js";

const soon = { timeout: 20_000, interval: 50 };

it("runs in the foreground, serves other commands, and ends all on SIGINT", async () => {
  const stack = await stackForTest();
  const foreground = spawn(process.execPath, [compiledProgram("src/stack/daemon-main.js"), "--home", stack.home, "--worker-command", JSON.stringify(workerStandIn())],
    { env: stack.env, stdio: ["ignore", "pipe", "inherit"] });
  await once(foreground.stdout, "data");
  expect((await stack.ensure()).started).toBe(false);
  const { allGone } = await stackProcesses(stack.home);
  foreground.kill("SIGINT");
  await childEnd(foreground);
  expect(foreground.exitCode).toBe(0);
  expect(allGone()).toBe(true);
});

it("refuses to run beside another one of the same home", async () => {
  const stack = await stackForTest();
  await stack.ensure();
  const { pids } = await stackStatus(stack.home);
  await expect(runStack({ home: stack.home, env: stack.env, log: () => {} })).rejects.toMatchObject({
    code: "stack_busy", message: `The stack of ${stack.home} runs already (pid ${pids.stack}).`, hint: expect.stringContaining("rlm down"),
  });
});

it("serves Temporal's own UI when asked to", async () => {
  const stack = await stackForTest();
  await stack.ensure({ ui: true });
  const { ui } = await stackStatus(stack.home);
  await expect.poll(() => fetch(ui ?? "").then(({ status }) => status, () => 0), soon).toBe(200);
});

it("lets a command that comes while it is leaving have the next one", async () => {
  const stack = await stackForTest();
  await stack.ensure();
  const { stack: pid, allGone } = await stackProcesses(stack.home);
  process.kill(pid, "SIGTERM");
  expect((await stack.ensure()).address).toMatch(/^127\.0\.0\.1:\d+$/);
  expect(allGone()).toBe(true);
  expect((await stackStatus(stack.home)).pids.stack).not.toBe(pid);
});
