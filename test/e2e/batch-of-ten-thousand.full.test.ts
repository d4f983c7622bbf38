import { expect, it, vi } from "vitest";
import { BatchCommand } from "../helpers/batch-command.js";
import { clusterForFile } from "../helpers/cluster-for-file.js";
import { rssMb } from "../helpers/long-run.js";

const ROWS = Number(process.env["RLM_TEST_LARGE_BATCH_ROWS"] ?? 10_000);
/** A task of a batch continues as new before this. */
const MAX_EVENTS = 8000;

const cluster = await clusterForFile();

/** Rows without a sandbox: what is measured is what a batch adds. */
it("runs very many rows once each, while neither command nor worker grows and no history does", async () => {
  const worker = await cluster.startWorker();
  cluster.model.setRules([{ name: "row", when: { last: /question (\d+)/ }, reply: ({ groups: [n = ""] }) => JSON.stringify({ answer: `answer ${n}` }) }]);
  const batch = new BatchCommand(cluster, "huge");
  await batch.writeRows(ROWS);
  const startedAtMs = Date.now();
  const command = batch.run("--concurrency", "32");
  const memoryAt = async (share: number): Promise<{ readonly command: number; readonly worker: number }> => {
    await vi.waitUntil(async () => (await batch.lines()).length >= ROWS * share, { timeout: 7_200_000, interval: 2000 });
    return { command: rssMb(command.child.pid ?? 0), worker: rssMb(worker.pid) };
  };
  const early = await memoryAt(0.2);
  const late = await memoryAt(0.95);
  const { code, stdout } = await command.done;
  expect(stdout).toContain(`${ROWS} rows: ${ROWS} answered`);
  expect(code).toBe(0);
  const seconds = Math.round((Date.now() - startedAtMs) / 1000);

  const lines = await batch.lines();
  expect(new Set(lines.map(({ id }) => id)).size).toBe(ROWS);
  expect(lines).toHaveLength(ROWS);
  for (const { id, outputs } of lines) expect(outputs).toEqual({ answer: `answer ${String(id).slice(4)}` });
  expect(new Set(cluster.model.ledger().map(({ idempotencyKey }) => idempotencyKey)).size).toBe(ROWS);
  expect(cluster.model.ledger()).toHaveLength(ROWS);
  const histories: number[] = [];
  for await (const { historyLength } of (await cluster.client.temporal()).workflow.list({ query: 'WorkflowId = "huge"' })) histories.push(historyLength);
  expect(Math.max(...histories)).toBeLessThan(MAX_EVENTS);
  console.log(`${ROWS} rows in ${seconds} s; MB at a fifth and at the end: command ${Math.round(early.command)} and ${Math.round(late.command)}, worker ${Math.round(early.worker)} and ${Math.round(late.worker)}; ${histories.length} histories of at most ${Math.max(...histories)} events`);
  expect(late.command).toBeLessThan(early.command + 64);
  expect(late.worker).toBeLessThan(early.worker + 200);
}, 14_400_000);
