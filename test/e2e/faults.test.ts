import { readdirSync, renameSync, rmSync, writeFileSync, existsSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { cancelRun } from "../../src/client/cancel-run.js";
import { readResult } from "../../src/client/read-result.js";
import { retryRun } from "../../src/client/retry-run.js";
import type { StatusView } from "../../src/core/control-wire.js";
import type { LedgerRow } from "../../src/testing/index.js";
import { childPids, cpuSecondsOf } from "../helpers/child-pids.js";
import { clusterForFile } from "../helpers/cluster-for-file.js";
import type { TestWorker } from "../helpers/test-worker.js";

const cluster = await clusterForFile();
let worker: TestWorker;
beforeEach(async () => {
  worker = await cluster.startWorker();
});
afterEach(() => worker.kill());

const QUESTION = { signature: "q -> answer", inputs: { q: "?" } };
const rows = (rule: string): readonly LedgerRow[] => cluster.model.ledger().filter((row) => row.rule === rule);
const paid = (): number => rows("sub").filter(({ answered }) => answered).length;
const statusOf = async (id: string): Promise<StatusView> => (await cluster.client.temporal()).workflow.getHandle(id).query<StatusView>("status");
const until = (condition: () => boolean | Promise<boolean>): Promise<boolean> => vi.waitUntil(condition, { timeout: 40_000, interval: 20 });

it("pays once for answers that a full store cannot take, and stores them when it is mended", async () => {
  cluster.script(["SUBMIT(answer=str(llm_query_batched([f'{i}' for i in range(4)])))"], { reply: "ok", delayMs: 1500 });
  const replies = path.join(cluster.home, "store/named/replies");
  const before = new Set(existsSync(replies) ? readdirSync(replies) : []);
  const id = await cluster.start(QUESTION);
  await until(() => rows("sub").length === 4);
  const scope = path.join(replies, readdirSync(replies).find((name) => !before.has(name)) ?? "", "1-0");
  writeFileSync(scope, "a file where the directory of the replies should be");
  await until(async () => (await readResult(cluster.client, id)).status === "blocked");
  expect((await readResult(cluster.client, id)).reason).toBe("store");
  await retryRun(cluster.client, id, { by: "test", why: null });
  await until(async () => (await readResult(cluster.client, id)).status === "blocked");
  rmSync(scope);
  await retryRun(cluster.client, id, { by: "test", why: null });
  expect(await cluster.result(id)).toMatchObject({ status: "answered", llmCalls: 4 });
  expect(paid()).toBe(4);
});

it("keeps the session when a model call of the fused step fails, and waits as long as the provider asks", async () => {
  const fault = { type: "status", status: 429, headers: { "retry-after": "2" }, times: 1, per: "body" } as const;
  cluster.script(["SUBMIT(answer=llm_query('one') + llm_query('two'))"], { reply: "ok", fault });
  const id = await cluster.start(QUESTION);
  expect(await cluster.result(id)).toMatchObject({ status: "answered", llmCalls: 2 });
  expect((await statusOf(id)).rebuilds).toBe(0);
  const [first, second] = rows("sub");
  expect((second?.startedAtMs ?? 0) - (first?.endedAtMs ?? 0)).toBeGreaterThanOrEqual(1900);
});

it("gives a failed call back to the budget, whether the step was fused or not", async () => {
  const cells = ["try:\n    llm_query('bad')\nexcept LlmError:\n    pass\nSUBMIT(answer=str(budget()['llm_calls_left']))"];
  const bad = { reply: "", fault: { type: "status" as const, status: 400, body: { error: { message: "no", code: "bad" } } } };
  const run = { ...QUESTION, limits: { maxLlmCalls: 5 } };
  cluster.script(cells, bad);
  expect((await cluster.run(run)).outputs).toEqual({ answer: "5" });
  await worker.kill();
  worker = await cluster.startWorker({ RLM_ROLES: "workflow,repl" });
  const llm = await cluster.startWorker({ RLM_ROLES: "llm" });
  cluster.script(cells, bad);
  expect((await cluster.run(run)).outputs).toEqual({ answer: "5" });
  await llm.kill();
});

it("stops model requests and the sandbox of a cancelled run", async () => {
  cluster.script(["r = llm_query_batched([f'{i}' for i in range(20)])"], { reply: "ok", delayMs: 30_000 });
  const id = await cluster.start(QUESTION);
  await until(() => cluster.model.stats().inFlight === 20);
  await cancelRun(cluster.client, id);
  expect((await cluster.result(id)).status).toBe("cancelled");
  await until(() => cluster.model.stats().inFlight === 0 && childPids(worker.pid).length === 0);
});

it("keeps no sandbox of a run that is over", async () => {
  cluster.script(["SUBMIT(answer='x')"]);
  expect((await cluster.run(QUESTION)).status).toBe("answered");
  await until(() => childPids(worker.pid).length === 0);
});

it("tells the model when its cell's process dies again and again, and keeps its last words out of history and log", async () => {
  cluster.script(["import os\nos.write(2, (logs[:40] + chr(10)).encode())\nwhile True: pass", "SUBMIT(answer='told')"]);
  const id = await cluster.start({ signature: "logs -> answer", inputs: { logs: "CONFIDENTIAL-INPUT-".repeat(50) } });
  await until(() => rows("root").length === 1);
  // More than a sandbox needs to start, so that it is the one that computes.
  const computes = (pid: number): boolean => cpuSecondsOf(pid) > 3;
  await vi.waitUntil(
    () => {
      for (const pid of childPids(worker.pid).filter(computes)) kill(pid);
      return rows("root").length > 1;
    },
    { timeout: 120_000, interval: 100 },
  );
  expect(await cluster.result(id)).toMatchObject({ status: "answered", outputs: { answer: "told" }, turns: 2 });
  const history = JSON.stringify(await (await cluster.client.temporal()).workflow.getHandle(id).fetchHistory(), (_key, value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString() : value));
  expect(history).not.toContain("CONFIDENTIAL-INPUT");
  expect(worker.log()).not.toContain("CONFIDENTIAL-INPUT");
}, 150_000);

it("waits as blocked, with the cause, when no sandbox can be started for long, and goes on when one can", async () => {
  cluster.script(["k = 1", "SUBMIT(answer=str(k))"], { reply: "ok" }, { delayMs: 2000 });
  const id = await cluster.start(QUESTION);
  await until(() => rows("root").length === 2);
  const directory = path.join(cluster.home, "sessions");
  for (const pid of childPids(worker.pid)) kill(pid);
  renameSync(directory, `${directory}.away`);
  writeFileSync(directory, "");
  await vi.waitUntil(async () => (await statusOf(id)).status === "blocked", { timeout: 100_000, interval: 200 });
  expect((await statusOf(id)).reason).toMatch(/lost 8 times in a row; the last time: .+/);
  rmSync(directory);
  renameSync(`${directory}.away`, directory);
  await retryRun(cluster.client, id, { by: "test", why: null });
  expect(await cluster.result(id)).toMatchObject({ status: "answered", outputs: { answer: "1" } });
}, 150_000);

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // Gone already.
  }
}
