import { expect, it, vi } from "vitest";
import { cancelRun } from "../../src/client/cancel-run.js";
import { pauseRun, resumeRun } from "../../src/client/control-run.js";
import { countRuns } from "../../src/client/count-runs.js";
import { ensureSearchAttributes } from "../../src/client/ensure-search-attributes.js";
import { listRuns, type ListOptions } from "../../src/client/list-runs.js";
import { SEARCH_ATTRIBUTES } from "../../src/core/visibility.js";
import { clusterForFile } from "../helpers/cluster-for-file.js";

const cluster = await clusterForFile();
await cluster.startWorker();

const QUESTION = { signature: "q -> answer", inputs: { q: "?" } };
const ANN = { by: "ann@ops", why: null };
const ids = async (filter: Omit<ListOptions, "limit" | "askServer">, askServer = true): Promise<string[]> => (await listRuns(cluster.client, { limit: 50, askServer, ...filter })).map(({ workflowId }) => workflowId).sort();
const until = (condition: () => Promise<boolean>): Promise<boolean> => vi.waitUntil(condition, { timeout: 30_000, interval: 50 });
const inTemporal = async (query: string): Promise<string[]> => {
  const found: string[] = [];
  for await (const { workflowId } of (await cluster.client.temporal()).workflow.list({ query })) found.push(workflowId);
  return found.sort();
};

it("finds runs by status, job, model and text, on the server as in the store, and counts them", async () => {
  cluster.script(["x = llm_query('one')", "SUBMIT(answer=x)"]);
  await cluster.run({ ...QUESTION, id: "a1", job: "nightly" });
  await cluster.run({ ...QUESTION, id: "a2", job: "weekly" });
  cluster.script(["x = 1", "y = 2"]);
  await cluster.run({ ...QUESTION, id: "a3", job: "nightly", limits: { maxIterations: 1 } }).catch(() => undefined);
  const closed = await listRuns(cluster.client, { limit: 9, askServer: true, text: "A1" });
  expect(closed).toMatchObject([{ workflowId: "a1", status: "answered", job: "nightly", model: "scripted-root", rootRun: null, turns: 2, llmCalls: 1 }]);
  for (const askServer of [true, false]) {
    expect(await ids({ job: "nightly" }, askServer)).toEqual(["a1", "a3"]);
    expect(await ids({ job: "nightly", status: ["answered"] }, askServer)).toEqual(["a1"]);
    expect(await ids({ model: "nobody" }, askServer)).toEqual([]);
    expect(await ids({ sinceMs: Date.now() }, askServer)).toEqual([]);
    expect(await ids({ beforeMs: Date.now(), text: "q -> ANSWER" }, askServer)).toEqual(["a1", "a2", "a3"]);
  }
  expect((await countRuns(cluster.client, { askServer: true })).total).toBe(3);
  expect(await countRuns(cluster.client, { askServer: true, job: "weekly" })).toEqual({ total: 1, byStatus: { answered: 1 } });
});

it("shows a run's status, turn and calls in Temporal itself, at each change", async () => {
  cluster.script(["x = llm_query('one')", "y = llm_query('two')", "SUBMIT(answer=x + y)"], { reply: "ok", delayMs: 700 });
  const id = await cluster.start({ ...QUESTION, id: "b1" });
  await until(async () => (await inTemporal(`RlmStatus = "running" AND RlmTurns >= 1`)).includes(id));
  await pauseRun(cluster.client, id, ANN);
  await until(async () => (await inTemporal(`RlmStatus = "paused"`)).includes(id));
  expect(await ids({ status: ["paused"] })).toEqual([id]);
  await resumeRun(cluster.client, id, ANN);
  await cluster.result(id);
  await until(async () => (await inTemporal(`RlmStatus = "answered" AND RlmTurns = 3 AND RlmLlmCalls = 2 AND RlmModel = "scripted-root"`)).includes(id));
});

it("lists child runs by the run at the top, and only then", async () => {
  cluster.script([]);
  cluster.model.setRules([
    { name: "child", when: { model: "scripted-root", system: "sub-task" }, reply: "```python\nSUBMIT(answer='c')\n```" },
    { name: "root", when: { model: "scripted-root" }, reply: "```python\nSUBMIT(answer=str(rlm_query('sub-task')))\n```" },
    { name: "sub", reply: "ok" },
  ]);
  const id = await cluster.start({ ...QUESTION, id: "c1", job: "tree", limits: { maxDepth: 1 } });
  await cluster.result(id);
  const below = await ids({ rootRun: id });
  expect(below).toHaveLength(1);
  expect(await inTemporal(`RlmRootRun = "${id}" AND RlmJob = "tree"`)).toEqual(below);
  expect(await ids({ job: "tree" })).toEqual([id]);
});

it("runs and lists on a server that does not know the attributes, and finds those runs when it does", async () => {
  const { connection, options } = await cluster.client.temporal();
  for (const { name } of Object.values(SEARCH_ATTRIBUTES)) await connection.operatorService.removeSearchAttributes({ namespace: options.namespace, searchAttributes: [name] });
  // A server like in production has forgotten them only when it next reads its namespaces.
  await until(() => inTemporal("RlmStatus IS NULL").then(() => false, () => true));
  cluster.script(["SUBMIT(answer='plain')", "x = llm_query('hang')"], { reply: "ok", delayMs: 20_000 });
  expect(await cluster.run({ ...QUESTION, id: "d1", job: "plain" })).toMatchObject({ outputs: { answer: "plain" } });
  cluster.script(["x = llm_query('hang')"], { reply: "ok", delayMs: 20_000 });
  const open = await cluster.start({ ...QUESTION, id: "d2", job: "plain" });
  // And it lists a run some moments after its start.
  await until(async () => (await ids({ job: "plain" })).join() === "d1,d2");
  expect(await ensureSearchAttributes(connection, options.namespace)).toEqual({ how: "registered" });
  expect(await ensureSearchAttributes(connection, options.namespace)).toEqual({ how: "present" });
  await until(async () => (await ids({ job: "plain" })).length === 2);
  await until(async () => (await inTemporal("RlmStatus IS NULL").catch((): string[] => [])).includes(open));
  expect(await ids({ job: "plain", status: ["running"] })).toEqual([open]);
  await cancelRun(cluster.client, open);
});
