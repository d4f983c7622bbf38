import { randomInt } from "node:crypto";
import { expect, it, vi } from "vitest";
import type { ScriptedRule } from "../../src/testing/index.js";
import { BatchCommand } from "../helpers/batch-command.js";
import { clusterForFile } from "../helpers/cluster-for-file.js";
import { expectNoAnsweredCallRepeated } from "../helpers/nonce-replies.js";

const when = { last: /question (\d+)/ };

const KINDS: readonly { readonly strategy: string; readonly rows: number; readonly calls: number; readonly rules: readonly ScriptedRule[] }[] = [
  {
    strategy: "predict", rows: Number(process.env["RLM_TEST_BATCH_ROWS"] ?? 500), calls: 1,
    rules: [{ name: "row", when, reply: ({ groups: [n = ""] }) => JSON.stringify({ answer: `answer ${n}` }), delayMs: 50 }],
  },
  {
    strategy: "rlm", rows: Number(process.env["RLM_TEST_SANDBOX_ROWS"] ?? 200), calls: 2,
    rules: [
      { name: "root", when: { model: "scripted-root" }, turns: ["```python\nSUBMIT(answer=llm_query(q))\n```"], delayMs: 50 },
      { name: "row", when: { ...when, model: "scripted-sub" }, reply: ({ groups: [n = ""] }) => `answer ${n}`, delayMs: 50 },
    ],
  },
];

const cluster = await clusterForFile();
await cluster.startWorker();

it.each(KINDS)("gives each of $rows rows one result by $strategy and pays for each once, killed three times at random", async ({ strategy, rows, calls, rules }) => {
  cluster.model.reset();
  cluster.model.setRules(rules);
  const batch = new BatchCommand(cluster, `large-${strategy}`);
  await batch.writeRows(rows);
  const args = ["--strategy", strategy, "--concurrency", "8"];
  const killedAtMs: number[] = [];
  const kills = Array.from({ length: 3 }, () => randomInt(1, rows - 1)).sort((a, b) => a - b);
  for (const [index, at] of kills.entries()) {
    const command = batch.run(...args);
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
  const { code, stdout } = await batch.run(...args).done;
  expect(stdout, `killed after ${kills.join(", ")} rows`).toContain(`${rows} rows: ${rows} answered`);
  expect(code).toBe(0);
  const lines = await batch.lines();
  expect(lines).toHaveLength(rows);
  expect(new Set(lines.map(({ id }) => id)).size).toBe(rows);
  for (const { id, outputs } of lines) expect(outputs).toEqual({ answer: `answer ${String(id).slice(4)}` });
  const ledger = cluster.model.ledger();
  expectNoAnsweredCallRepeated(ledger, killedAtMs, 1000);
  expect(new Set(ledger.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(rows * calls);
});
