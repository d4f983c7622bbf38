import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { cancelRun } from "../../src/client/cancel-run.js";
import { readResult } from "../../src/client/read-result.js";
import type { RunSpec } from "../../src/core/run-spec.js";
import { loadToolsFile } from "../../src/tools/load-tools-file.js";
import { factsOf } from "../helpers/facts-of.js";
import { runCli } from "../helpers/run-cli.js";
import { temporalDetails } from "../helpers/temporal-details.js";
import { TestCluster } from "../helpers/cluster.js";

vi.setConfig({ testTimeout: 120_000 });

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await TestCluster.start();
  // It tells the sandbox build.
  await (await cluster.startWorker()).kill();
});
afterAll(() => cluster[Symbol.asyncDispose]());
afterEach(() => cluster.killWorkers());

const QUESTION = { signature: "q -> answer", inputs: { q: "?" }, timing: { queueScheduleToStartMs: 2000 } };
const statusOf = async (id: string) => (await readResult(cluster.client, id)).status;
const workerFor = (roles: string) => cluster.startWorker({ RLM_ROLES: roles });

async function secondsUntilBlocked(id: string): Promise<number> {
  const sinceMs = Date.now();
  await vi.waitUntil(async () => (await statusOf(id)) === "blocked", { timeout: 60_000, interval: 50 });
  return (Date.now() - sinceMs) / 1000;
}

it("blocks a run for whose sandbox build no worker is there, says so, and goes on by itself when one comes", async () => {
  await workerFor("workflow,llm");
  cluster.script(["SUBMIT(answer=llm_query('one'))"]);
  const id = await cluster.start(QUESTION);
  expect(await secondsUntilBlocked(id)).toBeLessThan(20);
  expect((await readResult(cluster.client, id)).reason).toBe("build");
  expect(await temporalDetails(cluster, id)).toMatch(/blocked.*\(build\): No worker with this run's sandbox build is there \(queue rlm-repl-.*rlm worker/s);
  await workerFor("repl");
  expect(await cluster.result(id)).toMatchObject({ status: "answered", outputs: { answer: "ok" }, llmCalls: 1 });
});

it("blocks a run whose model calls nobody takes, and goes on by itself when a worker does", async () => {
  await workerFor("workflow,repl");
  cluster.script(["SUBMIT(answer=llm_query('one'))"]);
  const id = await cluster.start(QUESTION);
  expect(await secondsUntilBlocked(id)).toBeLessThan(25);
  expect((await readResult(cluster.client, id)).reason).toBe("worker");
  await workerFor("llm");
  expect(await cluster.result(id)).toMatchObject({ status: "answered", llmCalls: 1 });
});

it("blocks a run whose tools nobody hosts, says so to who looks, and goes on by itself when a process with them comes", async () => {
  const tools = await loadToolsFile(fileURLToPath(new URL("fixtures/tools.mjs", import.meta.url)));
  await workerFor("workflow,llm,repl");
  cluster.script(["row = lookup(7)\nSUBMIT(answer=str(row['square']) + llm_query('one'))"]);
  const id = await cluster.start({ ...QUESTION, tools });
  expect(await secondsUntilBlocked(id)).toBeLessThan(25);
  expect((await readResult(cluster.client, id)).reason).toBe("worker");
  const env = { RLM_HOME: cluster.home, TEMPORAL_ADDRESS: cluster.temporal.address, TEMPORAL_NAMESPACE: cluster.temporal.namespace };
  expect((await runCli(["show", id], { env })).stdout).toMatch(/No worker hosts this run's tools \(queue .*-tools-.*rlm worker --tools FILE/s);
  await cluster.startToolWorker(tools, { TOOL_LEDGER: path.join(cluster.home, "tool-ledger") });
  expect(await cluster.result(id)).toMatchObject({ status: "answered", outputs: { answer: `${7 ** 8}ok` }, llmCalls: 1 });
});

it("does not count workers as missing that are there and busy", async () => {
  await cluster.startWorker({ RLM_MAX_SESSIONS: "1" });
  const cell = "import time\nt = time.monotonic()\nif q == 'long': llm_query('under way')\nwhile q == 'long' and time.monotonic() - t < 12: pass\nSUBMIT(answer='x')";
  cluster.script([cell]);
  const long = await cluster.start({ ...QUESTION, inputs: { q: "long" } });
  await vi.waitUntil(() => cluster.model.ledger().some(({ rule, answered }) => rule === "sub" && answered), { timeout: 60_000, interval: 50 });
  const ids = [long, await cluster.start(QUESTION)];
  const seen = new Set<string>();
  const open = new Set(ids);
  while (open.size > 0) {
    for (const id of open) {
      const status = await statusOf(id);
      seen.add(status);
      if (status === "answered") open.delete(id);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect([...seen].toSorted()).toEqual(["answered", "running"]);
  // Whether the run that waited lay in the queue or was given back by the full worker: it asked who is there, was answered, and was never blocked.
  const asked = (await Promise.all(ids.map((id) => factsOf(cluster.client, id)))).flat().filter((fact) => fact.type === "activity-scheduled" && fact.activity === "workerIsHere");
  expect(asked.length).toBeGreaterThan(0);
});

it("waits as blocked, with the error's name, when an activity fails again and again as only a bug does", async () => {
  await workerFor("workflow,llm,repl");
  cluster.script(["SUBMIT(answer='x')"]);
  // A spec that no client writes: the worker stumbles over it.
  const id = await cluster.start({ ...QUESTION, models: { settings: null as unknown as RunSpec["models"]["settings"] } });
  await secondsUntilBlocked(id);
  expect((await readResult(cluster.client, id)).reason).toBe("unexpected");
  expect(await temporalDetails(cluster, id)).toMatch(/unexpected TypeError, at try \d+; the worker's log has its stack/);
  await cancelRun(cluster.client, id);
  expect((await cluster.result(id)).status).toBe("cancelled");
});
