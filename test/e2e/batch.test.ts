import { createHash } from "node:crypto";
import { appendFile, truncate, stat } from "node:fs/promises";
import { beforeEach, expect, it, vi } from "vitest";
import { cancelBatch } from "../../src/client/batch/cancel-batch.js";
import { deleteBatch } from "../../src/client/garbage/delete-batch.js";
import { listRuns } from "../../src/client/list-runs.js";
import type { Usage } from "../../src/core/usage.js";
import { LocalInventory } from "../../src/store/local-inventory.js";
import { BatchCommand } from "../helpers/batch-command.js";
import { clusterForFile } from "../helpers/cluster-for-file.js";
import { collect } from "../helpers/collect.js";
import { expectNoAnsweredCallRepeated } from "../helpers/nonce-replies.js";
import type { rlmBatch } from "../../workflows/rlm-batch.js";

const cluster = await clusterForFile({ dynamicConfig: { "limit.historyCount.suggestContinueAsNew": "150" } });
await cluster.startWorker();

/** Answers what it was asked; a question with `wrong` in it is refused for good. */
beforeEach(() => {
  cluster.model.reset();
  cluster.model.setRules([
    { name: "wrong", when: { last: /wrong/ }, fault: { type: "status", status: 400, body: { error: { message: "no" } } }, reply: "" },
    { name: "row", when: { last: /question (\d+)/ }, reply: ({ groups: [n = ""] }) => JSON.stringify({ answer: `answer ${n}` }), delayMs: 50 },
  ]);
});

const until = (condition: () => Promise<boolean>): Promise<boolean> => vi.waitUntil(condition, { timeout: 50_000, interval: 50 });
const asked = () => cluster.model.ledger().filter(({ rule }) => rule === "row");

/** How the runs of a batch's workflow ended. */
async function chain(batchId: string): Promise<readonly string[]> {
  const statuses: string[] = [];
  for await (const { status } of (await cluster.client.temporal()).workflow.list({ query: `WorkflowId = "${batchId}"` })) statuses.push(status.name);
  return statuses;
}

it("gives every row one result and pays for it once, whatever is killed: the command, the worker, the server", async () => {
  const batch = new BatchCommand(cluster, "killed");
  const rows = 40;
  await batch.writeRows(rows);
  const killedAtMs: number[] = [];
  const first = batch.run("--concurrency", "6");
  await until(async () => (await batch.lines()).length >= 4);
  first.child.kill("SIGKILL");
  await cluster.killWorkers();
  killedAtMs.push(Date.now());
  // A kill in the middle of a write leaves half a line.
  await appendFile(batch.out, "{\"id\":\"row-39\",\"li");
  await cluster.startWorker();
  const second = batch.run("--concurrency", "6");
  await until(async () => (await batch.lines().catch(() => [])).length >= 12);
  await cluster.temporal.restart();
  killedAtMs.push(Date.now());
  const { code, stderr, stdout } = await second.done;
  expect(stderr).toContain("following it");
  expect(stdout).toContain(`${rows} rows: ${rows} answered`);
  expect(code).toBe(0);
  const lines = await batch.lines();
  expect(lines).toHaveLength(rows);
  expect(new Set(lines.map(({ id }) => id))).toEqual(new Set(Array.from({ length: rows }, (_, index) => `row-${index}`)));
  for (const { id, outputs } of lines) expect(outputs).toEqual({ answer: `answer ${String(id).slice(4)}` });
  expectNoAnsweredCallRepeated(asked(), killedAtMs, 1000);
  // The server asks for it early here: rows that were under way are waited for by the next run of the workflow.
  expect(await chain("killed")).toContain("CONTINUED_AS_NEW");

  // A strategy without a sandbox: none is booted for any row.
  const { events } = await (await cluster.client.temporal()).workflow.getHandle("killed/row-7").fetchHistory();
  const activities = (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: scheduled }) => scheduled?.activityType?.name ?? []);
  expect(new Set(activities)).toEqual(new Set(["planTurn", "closeRun"]));

  // The same command again: nothing is missing but what was taken out of the file, and nobody is asked.
  const { size } = await stat(batch.out);
  await truncate(batch.out, size - 30);
  const before = asked().length;
  const again = await batch.run("--concurrency", "6").done;
  expect(again.stderr).toContain("every row is through");
  expect(await batch.lines()).toHaveLength(rows);
  expect(asked().length).toBe(before);
  expect((await listRuns(cluster.client, { limit: 100, askServer: true, batch: "killed" })).length).toBe(rows);

  // New rows at the end are run; a row that has changed is refused.
  await batch.addRow({ id: "new", q: "question 77" });
  expect((await batch.run().done).stdout).toContain("41 rows: 41 answered");
  await batch.writeRows(41, (index) => ({ id: `row-${index}`, q: `question ${index + 1}` }));
  const changed = await batch.run().done;
  expect(changed).toMatchObject({ code: 2 });
  expect(changed.stderr).toContain("was started with other rows: lines 1, 2, 3");
}, 180_000);

it("keeps errors apart, stops at --max-failures, and runs failed rows again when it is told to", async () => {
  const batch = new BatchCommand(cluster, "failing");
  await batch.writeRows(12, (index) => ({ id: index, q: index % 2 === 0 ? `wrong question ${index}` : `question ${index}` }));
  const stopped = await batch.run("--max-failures", "3", "--concurrency", "1", "--json").done;
  expect(stopped.code).toBe(1);
  expect(JSON.parse(stopped.stdout)).toMatchObject({ status: "stopped", stopped: "failures", rows: 12, counts: { answered: 2, failed: 3 }, left: 7, starts: 1 });
  expect(await batch.lines(batch.errors)).toMatchObject([{ id: "0", line: 1, status: "failed", outputs: null }, { id: "2" }, { id: "4" }]);
  expect((await batch.run("--concurrency", "4").done).stdout).toContain("12 rows: 6 answered, 6 failed");
  cluster.model.setRules([{ name: "row", when: { last: /question (\d+)/ }, reply: ({ groups: [n = ""] }) => JSON.stringify({ answer: `mended ${n}` }) }]);
  const retried = await batch.rlm("batch", "retry-failed", "failing", "--out", batch.out, "--json").done;
  expect(JSON.parse(retried.stdout)).toMatchObject({ status: "finished", counts: { answered: 12, failed: 0 }, left: 0, starts: 3 });
  expect((await batch.lines()).map(({ id }) => Number(id)).sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, index) => index));
  expect(asked().filter(({ answered }) => answered)).toHaveLength(12);
}, 120_000);

it("never passes the total of sub-calls, and goes on with a higher one", async () => {
  const batch = new BatchCommand(cluster, "frugal");
  await batch.writeRows(4);
  cluster.script(["SUBMIT(answer=llm_query(q))"], { reply: "ok" });
  const run = (total: string) => batch.rlm("batch", "run", batch.rowsFile, "-s", "q -> answer", "--out", batch.out, "--id", "frugal", "--max-llm-calls", "2", "--total-llm-calls", total, "--concurrency", "3", "--json").done;
  expect(JSON.parse((await run("3")).stdout)).toMatchObject({ stopped: "llm-calls", counts: { answered: 2 }, left: 2, llmCalls: 2 });
  expect(JSON.parse((await run("20")).stdout)).toMatchObject({ status: "finished", counts: { answered: 4 }, llmCalls: 4 });
}, 120_000);

it("cancels with its rows, and the same command goes on with what is left", async () => {
  const batch = new BatchCommand(cluster, "cancelled");
  await batch.writeRows(5);
  cluster.model.setRules([{ name: "row", when: { last: /question/ }, reply: "never", fault: { type: "hang" } }]);
  const running = batch.run("--concurrency", "2", "--json");
  await until(async () => cluster.model.ledger().length >= 2);
  await batch.rlm("batch", "cancel", "cancelled").done;
  expect(JSON.parse((await running.done).stdout)).toMatchObject({ status: "stopped", stopped: "cancelled", counts: { answered: 0, cancelled: 2 }, left: 5 });
  cluster.model.setRules([{ name: "row", when: { last: /question (\d+)/ }, reply: "{\"answer\": \"late\"}" }]);
  expect(JSON.parse((await batch.run("--json").done).stdout)).toMatchObject({ status: "finished", counts: { answered: 5, cancelled: 0 }, left: 0 });
  expect(await batch.lines()).toHaveLength(5);
}, 120_000);

it("leaves rows running when it is terminated from outside: cancel ends them, and delete removes rows, records and data", async () => {
  const batch = new BatchCommand(cluster, "ended");
  await batch.writeRows(3, (index) => ({ id: `row-${index}`, q: `question ${index} of a batch that is deleted` }));
  cluster.model.setRules([{ name: "row", when: { last: /question/ }, reply: "never", fault: { type: "hang" } }]);
  expect((await batch.run("--concurrency", "2", "--detach").done).code).toBe(0);
  await until(async () => cluster.model.ledger().length >= 2);
  const { workflow } = await cluster.client.temporal();
  await workflow.getHandle("ended").terminate();
  const inventory = new LocalInventory(cluster.store.directory);
  // Of a row, and its alone.
  const inputDigest = createHash("sha256").update("question 0 of a batch that is deleted").digest("hex");
  await expect(deleteBatch(cluster.client, inventory, "ended", { askServer: true })).rejects.toThrow(/The run "ended\/row-\d", of the batch "ended" \(rlm batch cancel ended stops all of its rows\), is open/);
  expect(await cancelBatch(cluster.client, "ended")).toEqual({ open: false, rows: 2 });
  await until(async () => (await workflow.count("WorkflowType = \"rlmRun\" AND ExecutionStatus = \"Running\"")).count === 0);
  expect(await cluster.store.has(inputDigest)).toBe(true);
  const deleted = await batch.rlm("delete", "ended", "--yes", "--json").done;
  expect(deleted.stderr).toBe("");
  expect(JSON.parse(deleted.stdout)).toMatchObject({ batchId: "ended", runs: 2 });
  const names = (await collect(inventory.listEntries())).map(({ name }) => name);
  const hex = (id: string): string => Buffer.from(id).toString("hex");
  expect(names.filter((name) => name.includes(hex("ended")))).toEqual([]);
  expect(names.some((name) => name.includes(hex("cancelled/row-0")))).toBe(true);
  expect(await cluster.store.has(inputDigest)).toBe(false);
  await expect(deleteBatch(cluster.client, inventory, "ended", { askServer: true })).rejects.toMatchObject({ code: "not_found" });
}, 120_000);

it("takes over the rows that it left running when it was terminated from outside, and counts those that ended meanwhile", async () => {
  const batch = new BatchCommand(cluster, "orphaned");
  await batch.writeRows(5);
  const busy = { name: "busy", when: { last: /question/ }, fault: { type: "status", status: 503 }, reply: "" } as const;
  const answered = (n: RegExp) => ({ name: "row", when: { last: n }, reply: "{\"answer\": \"once\"}" });
  cluster.model.setRules([busy]);
  expect((await batch.run("--concurrency", "3", "--detach").done).code).toBe(0);
  const inPrompts = (n: number): boolean => cluster.model.ledger().some(({ lastUserTail }) => lastUserTail.includes(`question ${n}`));
  await until(async () => [0, 1, 2].every(inPrompts));
  const { workflow } = await cluster.client.temporal();
  const statusOf = async (id: string): Promise<string> => (await workflow.getHandle(id).describe()).status.name;
  await workflow.getHandle("orphaned").terminate();
  cluster.model.setRules([answered(/question 0/), busy]);
  await until(async () => (await statusOf("orphaned/row-0")) === "COMPLETED");

  const second = batch.run("--concurrency", "3", "--json");
  await until(async () => (await workflow.getHandle("orphaned").describe()).raw.pendingActivities?.some(({ activityType }) => activityType?.name === "awaitRows") === true && inPrompts(3));
  expect([await statusOf("orphaned/row-1"), await statusOf("orphaned/row-2")]).toEqual(["RUNNING", "RUNNING"]);
  cluster.model.setRules([answered(/question 1/), busy]);
  await until(async () => (await statusOf("orphaned/row-1")) === "COMPLETED");
  await batch.rlm("batch", "cancel", "orphaned").done;
  expect(JSON.parse((await second.done).stdout)).toMatchObject({ stopped: "cancelled", counts: { answered: 2 }, left: 3 });
  expect(await statusOf("orphaned/row-2")).toBe("CANCELLED");

  cluster.model.setRules([answered(/question/)]);
  expect(JSON.parse((await batch.run("--json").done).stdout)).toMatchObject({ status: "finished", counts: { answered: 5 }, starts: 3 });
  const lines = await batch.lines();
  expect(new Set(lines.map(({ workflowId }) => workflowId))).toEqual(new Set(["row-0", "row-1", "row-2~3", "row-3~3", "row-4~3"].map((name) => `orphaned/${name}`)));
  expect(asked()).toHaveLength(5);
  const used = lines.reduce((sum, { usage }) => sum + (usage as Usage).inputTokens, 0);
  expect(await workflow.getHandle<typeof rlmBatch>("orphaned").result()).toMatchObject({ usage: { inputTokens: used } });
}, 120_000);

it("refuses bad lines and duplicates with their numbers, before anything is started", async () => {
  const batch = new BatchCommand(cluster, "bad");
  await batch.writeRows(3);
  await appendFile(batch.rowsFile, "{\"id\": \"row-1\", \"q\": \"again\"}\nnot json\n{\"query\": \"x\"}\n{\"id\": 9}\n[1]\n");
  const { code, stderr } = await batch.run().done;
  expect(code).toBe(2);
  expect(stderr).toContain("5 of 8 rows cannot be used; nothing was started");
  for (const told of ["line 4: repeats line 2", "line 5: ", "line 6: \"query\" is no input of a row", "line 7: has no \"q\"", "line 8: is not a JSON object"]) expect(stderr).toContain(told);
  expect(cluster.model.ledger()).toEqual([]);
  expect((await batch.rlm("batch", "status", "bad").done).code).toBe(6);
});
