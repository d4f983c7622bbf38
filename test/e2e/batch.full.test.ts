import { randomInt } from "node:crypto";
import { expect, it, vi } from "vitest";
import { BatchCommand } from "../helpers/batch-command.js";
import { clusterForFile } from "../helpers/cluster-for-file.js";
import { expectNoAnsweredCallRepeated } from "../helpers/nonce-replies.js";

const ROWS = Number(process.env["RLM_TEST_BATCH_ROWS"] ?? 500);

const cluster = await clusterForFile();
await cluster.startWorker();

it("gives every row of a large batch one result and pays for each once, killed three times at random", async () => {
  cluster.model.setRules([{ name: "row", when: { last: /question (\d+)/ }, reply: ({ groups: [n = ""] }) => JSON.stringify({ answer: `answer ${n}` }), delayMs: 50 }]);
  const batch = new BatchCommand(cluster, "large");
  await batch.writeRows(ROWS);
  const killedAtMs: number[] = [];
  const kills = Array.from({ length: 3 }, () => randomInt(1, ROWS - 1)).sort((a, b) => a - b);
  for (const [index, at] of kills.entries()) {
    const command = batch.run("--concurrency", "8");
    await vi.waitUntil(async () => (await batch.lines()).length >= at, { timeout: 1_500_000, interval: 20 });
    killedAtMs.push(Date.now());
    // One after the other, so that each kind of death is seen: the worker's, the server's, and in each the command's.
    if (index === 1) await cluster.temporal.restart();
    else await cluster.killWorkers();
    killedAtMs.push(Date.now());
    command.child.kill("SIGKILL");
    await command.done.catch(() => undefined);
    if (index !== 1) await cluster.startWorker();
  }
  const { code, stdout } = await batch.run("--concurrency", "8").done;
  expect(stdout, `killed after ${kills.join(", ")} rows`).toContain(`${ROWS} rows: ${ROWS} answered`);
  expect(code).toBe(0);
  const lines = await batch.lines();
  expect(lines).toHaveLength(ROWS);
  expect(new Set(lines.map(({ id }) => id)).size).toBe(ROWS);
  for (const { id, outputs } of lines) expect(outputs).toEqual({ answer: `answer ${String(id).slice(4)}` });
  const asked = cluster.model.ledger().filter(({ rule }) => rule === "row");
  expectNoAnsweredCallRepeated(asked, killedAtMs, 1000);
  expect(new Set(asked.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(ROWS);
});
