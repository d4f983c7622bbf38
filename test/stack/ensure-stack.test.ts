import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Client, Connection } from "@temporalio/client";
import { expect, it } from "vitest";
import { readStackState, writeStackState } from "../../src/stack/state-file.js";
import { stackStatus } from "../../src/stack/stack-status.js";
import { stopStack } from "../../src/stack/stop-stack.js";
import { stackForTest, stackProcesses } from "./stack-for-test.js";

it("starts a server and a worker, says each step, and reports what runs", async () => {
  const stack = await stackForTest();
  const lines: string[] = [];
  const { address, namespace, started } = await stack.ensure({ onProgress: (line) => lines.push(line) });
  expect(started).toBe(true);
  expect(lines.join("\n")).toMatch(/Starting the Temporal server 1\.[\s\S]*Starting the worker/);
  expect(stack.workersSeen()).toMatchObject([{ address, namespace, apiKey: null, baseUrl: null }]);
  const status = await stackStatus(stack.home);
  expect(status).toMatchObject({ running: true, phase: "ready", home: stack.home, address, ui: null, openRuns: 0, credentials: null });
  expect(status.pids.worker).toBe(stack.workersSeen()[0]?.pid);
  expect(status.versions).toMatchObject({ package: "0.1.0", pyodide: "314.0.7", temporalServer: expect.stringMatching(/^1\.\d+\.\d+/) });
});

it("gives the same stack to calls at the same time and to later ones", async () => {
  const stack = await stackForTest();
  const both = await Promise.all([stack.ensure(), stack.ensure()]);
  const later = await stack.ensure();
  expect(both.filter(({ started }) => started)).toHaveLength(1);
  expect(new Set([...both, later].map(({ address }) => address)).size).toBe(1);
  expect(later.started).toBe(false);
  expect(stack.workersSeen()).toHaveLength(1);
});

it("leaves no process, socket or state when it is stopped, and stopping again does nothing", async () => {
  const stack = await stackForTest();
  await stack.ensure();
  const { allGone } = await stackProcesses(stack.home);
  const socket = readStackState(stack.home)?.socket ?? "";
  expect(statSync(socket).mode & 0o777).toBe(0o600);
  expect(statSync(path.join(stack.home, "stack.json")).mode & 0o777).toBe(0o600);
  expect(await stopStack(stack.home)).toEqual({ stopped: true });
  expect(allGone()).toBe(true);
  expect([socket, path.join(stack.home, "stack.json")].filter((file) => existsSync(file))).toEqual([]);
  expect(await stackStatus(stack.home)).toMatchObject({ running: false, phase: "stopped", address: null, pids: { stack: null, server: null, worker: null } });
  expect(await stopStack(stack.home)).toEqual({ stopped: false });
});

it("brings runs back on the same address after it was stopped", async () => {
  const stack = await stackForTest();
  const first = await stack.ensure();
  const before = await Connection.connect({ address: first.address });
  await new Client({ connection: before }).workflow.start("nobodyRunsIt", { workflowId: "kept", taskQueue: "none" });
  await before.close();
  await stopStack(stack.home);
  const second = await stack.ensure();
  expect(second).toMatchObject({ started: true, address: first.address });
  await expect.poll(async () => (await stackStatus(stack.home)).openRuns).toBe(1);
});

it("takes no notice of the state of a process that is gone", async () => {
  const stack = await stackForTest();
  writeStackState(stack.home, {
    format: 1, stack: { pid: process.pid, startToken: "of an earlier boot:1" }, socket: path.join(stack.home, "stack.sock"),
    address: "127.0.0.1:1", children: [], failure: { message: "old", hint: "old" },
  });
  expect((await stackStatus(stack.home)).running).toBe(false);
  expect((await stack.ensure()).started).toBe(true);
});

it("works from a home whose path is too long for a socket", async () => {
  const stack = await stackForTest();
  const home = path.join(stack.home, "long".repeat(30));
  mkdirSync(home);
  try {
    expect((await stack.ensure({ home, env: { ...stack.env, TMPDIR: stack.home } })).started).toBe(true);
    expect(readStackState(home)?.socket).toMatch(new RegExp(`^${stack.home}/durable-rlm-`));
  } finally {
    await stopStack(home);
  }
});

it("tells why it did not start when the server's program is broken, and keeps nothing running", async () => {
  const stack = await stackForTest();
  const broken = path.join(stack.home, "broken-temporal");
  writeFileSync(broken, `#!/bin/sh\n[ "$1" = --version ] && echo "temporal version 1.8.2 (x)" && exit 0\necho "cannot open database" >&2\nexit 4\n`, { mode: 0o755 });
  const failure = stack.ensure({ env: { ...stack.env, RLM_TEMPORAL_CLI: broken } });
  await expect(failure).rejects.toMatchObject({ code: "stack_failed", message: expect.stringContaining("cannot open database"), hint: expect.stringContaining(path.join(stack.home, "logs")) });
  expect((await stackStatus(stack.home)).running).toBe(false);
});

it("tells why it did not start when the worker crashes again and again", async () => {
  const stack = await stackForTest(["crash"]);
  await expect(stack.ensure()).rejects.toMatchObject({ code: "stack_failed", message: expect.stringMatching(/worker.*exit code 7.*told to crash/) });
  expect(stack.workersSeen()).toHaveLength(5);
  expect((await stackStatus(stack.home)).running).toBe(false);
});

it("refuses a malformed idle time before it starts anything", async () => {
  const stack = await stackForTest();
  await expect(stack.ensure({ env: { ...stack.env, RLM_STACK_IDLE: "soon" } })).rejects.toThrow(`RLM_STACK_IDLE is "soon"`);
  expect(existsSync(path.join(stack.home, "logs"))).toBe(false);
});

it("writes no credentials to its logs or state", async () => {
  const stack = await stackForTest();
  await stack.ensure({ env: { ...stack.env, OPENAI_API_KEY: "sk-very-secret" } });
  expect(stack.workersSeen()).toMatchObject([{ apiKey: "sk-very-secret" }]);
  expect((await stackStatus(stack.home)).credentials).toMatch(/^[0-9a-f]{16}$/);
  const written = ["stack.json", "logs/stack.log", "logs/server.log", "logs/worker.log"].map((name) => readFileSync(path.join(stack.home, name), "utf8"));
  expect(written.join("")).not.toContain("sk-very-secret");
});
