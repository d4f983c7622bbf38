import { setTimeout as sleep } from "node:timers/promises";
import { expect, it, vi } from "vitest";
import { TestCluster } from "../helpers/cluster.js";

/** Longer than every time-out of a run: heartbeats, queues, pauses between tries. */
const AWAY_MS = 35_000;

it("goes on when all workers were away for longer than every timeout", async () => {
  await using cluster = await TestCluster.start();
  const worker = await cluster.startWorker();
  cluster.script(["kept = 7", "SUBMIT(answer=str([kept, *llm_query_batched(['a', 'b', 'c'])]))"], { reply: "ok", delayMs: 3000 });
  const id = await cluster.start({ signature: "q -> answer", inputs: { q: "?" } });
  await vi.waitUntil(() => cluster.model.stats().inFlight === 3, { timeout: 60_000, interval: 5 });
  await worker.kill();
  await sleep(AWAY_MS);
  await cluster.startWorker();
  expect(await cluster.result(id)).toMatchObject({ status: "answered", outputs: { answer: "[7, 'ok', 'ok', 'ok']" }, llmCalls: 3 });
  expect(cluster.model.ledger().filter(({ rule, answered }) => rule === "sub" && answered)).toHaveLength(3);
}, 240_000);
