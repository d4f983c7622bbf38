import { expect, it } from "vitest";
import { readTrajectory } from "../../src/client/read-trajectory.js";
import { clusterForFile } from "../helpers/cluster-for-file.js";
import { legsOf, type Leg } from "../helpers/legs-of.js";

const cluster = await clusterForFile();
await cluster.startWorker();

const subCalls = (): number => cluster.model.stats().byRule["sub"]?.requests ?? 0;

it("runs several turns with sub-calls to a typed answer", async () => {
  cluster.script(["n = len(logs)\nprint(n)", "r = llm_query_batched([f'q{i}' for i in range(3)])\nprint(r)", "SUBMIT(answer=llm_query('last') + ' ' + str(n), count=n)"]);
  const id = await cluster.start({ signature: "logs, question -> answer: str, count: int", inputs: { logs: "x".repeat(5000), question: "how many?" } });
  const result = await cluster.result(id);
  expect(result).toMatchObject({ workflowId: id, status: "answered", reason: null, outputs: { answer: "ok 5000", count: 5000 }, turns: 3, llmCalls: 4 });
  expect(result.usage.inputTokens).toBeGreaterThan(0);

  const { turns } = await readTrajectory(cluster.client, id);
  expect(turns.map(({ observation }) => observation)).toEqual(["5000\n", "['ok', 'ok', 'ok']\n", expect.any(String)]);
  expect(turns[1]?.calls.map(({ prompt, reply }) => [prompt, reply])).toEqual([["q0", "ok"], ["q1", "ok"], ["q2", "ok"]]);
  expect(turns[2]).toMatchObject({ reasoning: "Next step.", code: expect.stringContaining("SUBMIT(") });
});

it("answers the first 4 calls and refuses a batch of 3 whole when 5 are allowed", async () => {
  const cells = [
    "r = [llm_query(f'q{i}') for i in range(4)]\nprint(len(r))",
    "try:\n    llm_query_batched(['a', 'b', 'c'])\nexcept LlmCallLimitExceeded as e:\n    print('refused', e.used, e.asked, e.max)",
    "SUBMIT(answer=str(budget()['llm_calls_left']))",
  ];
  cluster.script(cells);
  const id = await cluster.start({ signature: "q -> answer", inputs: { q: "?" }, limits: { maxLlmCalls: 5 } });
  expect(await cluster.result(id)).toMatchObject({ status: "answered", llmCalls: 4, maxLlmCalls: 5 });
  expect((await readTrajectory(cluster.client, id)).turns[1]?.observation).toBe("refused 4 3 5\n");
  expect(subCalls()).toBe(4);
});

it("tells the model every fault of a SUBMIT and goes on", async () => {
  cluster.script(["SUBMIT(count='many', level='middle')", "SUBMIT(count='7', level='high')"]);
  const id = await cluster.start({ signature: "q -> count: int, level: Literal['low', 'high']", inputs: { q: "?" } });
  expect(await cluster.result(id)).toMatchObject({ status: "answered", outputs: { count: 7, level: "high" }, turns: 2 });
  const observation = (await readTrajectory(cluster.client, id)).turns[0]?.observation;
  expect(observation).toMatch(/count/);
  expect(observation).toMatch(/level/);
});

it("gives a degraded result by an extract when the turns are used up", async () => {
  cluster.model.reset();
  cluster.model.setRules([
    { name: "extract", when: { last: "Reply with one JSON object" }, reply: '{"answer": "from the trajectory"}' },
    { name: "root", when: { model: "scripted-root" }, reply: "```python\nprint('still looking')\n```" },
  ]);
  const result = await cluster.run({ signature: "q -> answer", inputs: { q: "?" }, limits: { maxIterations: 2 } });
  expect(result).toMatchObject({ status: "degraded", reason: "iterations", outputs: { answer: "from the trajectory" }, turns: 2 });
});

it("fails, and says why, when the turns are used up and no code ever ran", async () => {
  cluster.model.reset();
  cluster.model.setRules([{ name: "root", reply: "I would rather talk about it." }]);
  const result = await cluster.run({ signature: "q -> answer", inputs: { q: "?" }, limits: { maxIterations: 2 } });
  expect(result).toMatchObject({ status: "failed", reason: "limit reached (iterations) before any code ran", outputs: null });
});

it("keeps the state from before a cell that had to be killed, and tells the model", async () => {
  cluster.script(["kept = 'still here'", "import time\nlost = 1\ntime.sleep(1000)", "SUBMIT(answer=kept + ' ' + str('lost' in globals()))"]);
  const id = await cluster.start({ signature: "q -> answer", inputs: { q: "?" }, limits: { cellTimeoutMs: 1000 } });
  expect(await cluster.result(id)).toMatchObject({ status: "answered", outputs: { answer: "still here False" }, turns: 3 });
  expect((await readTrajectory(cluster.client, id)).turns[1]?.observation).toMatch(/CellTimeout/);
});

it("goes on after a cell that ends the Python process", async () => {
  cluster.script(["import os\nkept = 1", "os._exit(3)", "SUBMIT(answer=str(kept))"]);
  expect(await cluster.run({ signature: "q -> answer", inputs: { q: "?" } })).toMatchObject({ status: "answered", outputs: { answer: "1" } });
});

it("gives a failed call of a batch as a falsy value in its slot", async () => {
  cluster.model.reset();
  cluster.model.setRules([
    { name: "root", when: { model: "scripted-root" }, turns: ["```python\nr = llm_query_batched(['good', 'bad'])\nSUBMIT(answer=r[0] + ' ' + str(bool(r[1])) + ' ' + r[1].kind)\n```"] },
    { name: "bad", when: { last: "bad" }, reply: "", fault: { type: "status", status: 400, body: { error: { message: "no", code: "bad" } } } },
    { name: "sub", reply: "fine" },
  ]);
  expect(await cluster.run({ signature: "q -> answer", inputs: { q: "?" } })).toMatchObject({ outputs: { answer: "fine False bad_request" }, llmCalls: 1 });
});

it("sends a call to a model of the allow-list only", async () => {
  cluster.script(["r = llm_query_batched(['a'], model='scripted-root-xl')\nSUBMIT(answer=r[0].kind)"]);
  expect(await cluster.run({ signature: "q -> answer", inputs: { q: "?" } })).toMatchObject({ outputs: { answer: "model_not_allowed" }, llmCalls: 0 });
  expect(subCalls()).toBe(0);
});

it("waits out 429s, 500s and cut streams without counting them, and keeps its session meanwhile", async () => {
  cluster.model.reset();
  cluster.model.setRules([
    { name: "busy", when: { model: "scripted-root", turn: 2 }, fault: { type: "status", status: 429, times: 1 }, reply: "```python\nSUBMIT(answer=' '.join(llm_query_batched([f'{k} {i}' for k in ('limit', 'error', 'cut') for i in range(12)])))\n```" },
    { name: "root", when: { model: "scripted-root" }, reply: "```python\npass\n```" },
    { name: "limit", when: { last: "limit" }, reply: "a", fault: { type: "status", status: 429, headers: { "retry-after-ms": "50" }, times: 20 } },
    { name: "error", when: { last: "error" }, reply: "b", fault: { type: "status", status: 500, times: 7 } },
    { name: "cut", when: { last: "cut" }, reply: "c", fault: { type: "truncate", times: 5 } },
  ]);
  const id = await cluster.start({ signature: "q -> answer", inputs: { q: "?" } });
  expect(await cluster.result(id)).toMatchObject({ status: "answered", outputs: { answer: [..."aaaaaaaaaaaabbbbbbbbbbbbcccccccccccc"].join(" ") }, llmCalls: 36 });
  expect(cluster.model.ledger().filter(({ rule, fault }) => rule === "busy" && fault === "status")).toHaveLength(1);
  const [{ history }] = await legsOf(cluster, id) as [Leg];
  expect((history.events ?? []).flatMap(({ activityTaskScheduledEventAttributes: task }) => (task?.taskQueue?.name === cluster.queues().repl ? [task.activityType?.name] : []))).toEqual(["beginRun"]);
});

it("waits as blocked for a refused key, and finishes after a retry with nothing repeated", async () => {
  cluster.script(["r = llm_query('one')", "SUBMIT(answer=r + llm_query('two'))"]);
  cluster.model.setRequiredKey("another key");
  const id = await cluster.start({ signature: "q -> answer", inputs: { q: "?" } });
  const { readResult } = await import("../../src/client/read-result.js");
  await expect.poll(async () => (await readResult(cluster.client, id)).status, { timeout: 15_000 }).toBe("blocked");
  expect((await readResult(cluster.client, id)).reason).toBe("credentials");
  cluster.model.setRequiredKey(null);
  const { retryRun } = await import("../../src/client/retry-run.js");
  await retryRun(cluster.client, id, { by: "test", why: null });
  expect(await cluster.result(id)).toMatchObject({ status: "answered", outputs: { answer: "okok" }, llmCalls: 2 });
  expect(cluster.model.ledger().filter(({ answered }) => answered)).toHaveLength(4);
});

it("loads 100 MB of text and counts it right in the first turn", async () => {
  const line = "2026-11-22T10:00:00Z INFO gateway request served in 12 ms\n";
  const logs = Buffer.alloc(100_000_000, line);
  cluster.script(["print(len(logs))\nprint(logs.count(chr(10)))", "SUBMIT(answer=str(len(logs)))"]);
  const id = await cluster.start({ signature: "logs -> answer", inputs: { logs: logs.toString("latin1") } });
  expect(await cluster.result(id)).toMatchObject({ status: "answered", outputs: { answer: "100000000" } });
  expect((await readTrajectory(cluster.client, id)).turns[0]?.observation).toBe(`100000000\n${Math.floor(100_000_000 / line.length)}\n`);
});
