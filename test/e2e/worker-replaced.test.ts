import { afterEach, expect, it, vi } from "vitest";
import { readResult } from "../../src/client/read-result.js";
import { retryRun } from "../../src/client/retry-run.js";
import type { LedgerRow } from "../../src/testing/index.js";
import { clusterForFile } from "../helpers/cluster-for-file.js";
import { temporalDetails } from "../helpers/temporal-details.js";

vi.setConfig({ testTimeout: 120_000 });

const cluster = await clusterForFile();
afterEach(() => cluster.killWorkers());

const QUESTION = { signature: "q -> answer", inputs: { q: "?" } };
const subs = (): readonly LedgerRow[] => cluster.model.ledger().filter(({ rule }) => rule === "sub");

it("finishes the calls under way when it is told to end, as long as its time of grace allows, and hands its session over", async () => {
  // The calls take longer than the time that a worker has by default.
  const worker = await cluster.startWorker({ RLM_SHUTDOWN_GRACE_MS: "60000" });
  cluster.script(["kept = 3", "r = llm_query_batched(['a', 'b', 'c', 'd'])\nSUBMIT(answer=str([kept, *r]))"], { reply: "ok", delayMs: 4000 });
  const id = await cluster.start(QUESTION);
  await vi.waitUntil(() => cluster.model.stats().inFlight === 4, { timeout: 60_000, interval: 2 });
  await worker.stop();
  expect(subs().map(({ answered }) => answered)).toEqual([true, true, true, true]);
  await cluster.startWorker();
  expect(await cluster.result(id)).toMatchObject({ status: "answered", outputs: { answer: "[3, 'ok', 'ok', 'ok', 'ok']" }, llmCalls: 4 });
  expect(subs()).toHaveLength(4);
});

it("waits as blocked for a worker whose key is wrong, and finishes on one with the right key, with nothing repeated", async () => {
  const right = { OPENAI_API_KEY: "right-key" };
  const first = await cluster.startWorker(right);
  cluster.script(["r = llm_query('one')", "SUBMIT(answer=r + llm_query('two'))"], { reply: "ok" }, { delayMs: 1000 });
  cluster.model.setRequiredKey("right-key");
  const id = await cluster.start(QUESTION);
  await vi.waitUntil(() => cluster.model.ledger().filter(({ rule }) => rule === "root").length === 2, { timeout: 60_000, interval: 2 });
  await first.kill();
  const wrong = await cluster.startWorker({ ...right, OPENAI_API_KEY: "wrong-key" });
  const sinceMs = Date.now();
  await expect.poll(() => readResult(cluster.client, id), { timeout: 60_000 }).toMatchObject({ status: "blocked", reason: "credentials" });
  expect(Date.now() - sinceMs).toBeLessThan(30_000);
  await expect.poll(() => temporalDetails(cluster, id), { timeout: 10_000 }).toMatch(/\*\*blocked\*\* \(credentials\).*rlm retry/s);
  expect(await temporalDetails(cluster, id)).not.toContain("wrong-key");
  await wrong.stop();
  await cluster.startWorker(right);
  await retryRun(cluster.client, id, { by: "test", why: null });
  expect(await cluster.result(id)).toMatchObject({ status: "answered", outputs: { answer: "okok" }, llmCalls: 2 });
  expect(subs().filter(({ answered }) => answered)).toHaveLength(2);
  cluster.model.setRequiredKey(null);
});
