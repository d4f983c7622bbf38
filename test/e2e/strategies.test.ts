import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { readTrajectory } from "../../src/client/read-trajectory.js";
import { forkRun } from "../../src/client/fork-run.js";
import { listRuns } from "../../src/client/list-runs.js";
import { loadToolsFile, type ToolsFile } from "../../src/tools/load-tools-file.js";
import { TestCluster } from "../helpers/cluster.js";
import type { TestWorker } from "../helpers/test-worker.js";

let cluster: TestCluster;
let worker: TestWorker;
let tools: ToolsFile;
beforeAll(async () => {
  cluster = await TestCluster.start();
  tools = await loadToolsFile(fileURLToPath(new URL("fixtures/tools.mjs", import.meta.url)));
  [worker] = await Promise.all([cluster.startWorker(), cluster.startToolWorker(tools, { TOOL_LEDGER: path.join(cluster.home, "tool-ledger") })]);
});
afterAll(() => cluster[Symbol.asyncDispose]());

const TASK = { signature: "review, stars: int -> mood: Literal['good', 'bad'], n: int", inputs: { review: "Lovely. {not json}" }, json: { stars: "5" } };

type Messages = readonly { readonly role: string; readonly text: string }[];

/** The root model answers with these replies, in turn; what it was sent is collected. */
function script(replies: readonly string[]): Messages[] {
  const sent: Messages[] = [];
  cluster.model.reset();
  cluster.model.setRules([{ name: "root", reply: ({ messages, turn }) => (sent.push(messages), replies[turn - 1] ?? "no more") }]);
  return sent;
}

it("answers by one call with the inputs in the prompt: predict", async () => {
  const sent = script(['{"mood": "good", "n": 12345678901234567890}']);
  const result = await cluster.run({ ...TASK, strategy: "predict" });
  expect(result).toMatchObject({ status: "answered", turns: 1, llmCalls: 0, outputs: { mood: "good", n: 12345678901234567890n } });
  expect(sent).toHaveLength(1);
  expect(sent[0]?.[0]?.text).toContain("From `review` (str), `stars` (int), produce");
  expect(sent[0]?.[1]?.text).toBe("## review\nLovely. {not json}\n\n## stars\n5");
  expect((await listRuns(cluster.client, { limit: 5, askServer: true }))[0]).toMatchObject({ workflowId: result.workflowId, status: "answered" });
});

it("tells the model what is wrong with its outputs, and ends when its attempts are used up", async () => {
  const sent = script([`<think>${"hm ".repeat(50_000)}</think>Sure!`, '{"mood": "so so", "n": "x"}', '{"mood": "bad", "n": "7"}']);
  const result = await cluster.run({ ...TASK, strategy: "predict", limits: { maxIterations: 3 } });
  expect(result).toMatchObject({ status: "answered", turns: 3, outputs: { mood: "bad", n: 7 } });
  expect(sent[2]?.map(({ role }) => role)).toEqual(["system", "user", "assistant", "user", "assistant", "user"]);
  expect(sent[1]?.[2]?.text).toBe("Sure!");
  expect(sent[1]?.[3]?.text).toContain("there is no JSON object in it");
  expect(sent[2]?.[5]?.text).toMatch(/mood: .*\n- n: /);
  script(["Sure!", "Sure!"]);
  expect(await cluster.run({ ...TASK, strategy: "predict", limits: { maxIterations: 2 } })).toMatchObject({ status: "failed", outputs: null });
});

it("keeps the reasoning of chainOfThought in the trajectory", async () => {
  script(['Five stars and "lovely": that is praise.\n{"mood": "good", "n": 1}']);
  const result = await cluster.run({ ...TASK, strategy: "chainOfThought" });
  expect(result.outputs).toEqual({ mood: "good", n: 1 });
  expect((await readTrajectory(cluster.client, result.workflowId)).turns).toMatchObject([{ turn: 1, reasoning: 'Five stars and "lovely": that is praise.', code: null }]);
});

it("refuses inputs that no prompt takes before anything is started", async () => {
  const models = { settings: { "scripted-root": { contextTokens: 1000 } } };
  await expect(cluster.start({ ...TASK, inputs: { review: "x".repeat(3000) }, models, strategy: "predict" })).rejects.toThrow("The inputs have 3001 bytes; the strategy predict puts them into the prompt of scripted-root, which takes about 2400. Use the strategy rlm");
  await expect(cluster.start({ signature: "photo: bytes -> mood", inputs: { photo: Buffer.from([1]) }, strategy: "react" })).rejects.toThrow("Input `photo` is bytes");
});

const ASK = { signature: "q -> square: int, unit", inputs: { q: "the square of 1000001?" }, strategy: "react" as const };
const call = (tool: string, args: object): string => `I look it up.\n${JSON.stringify({ calls: [{ tool, args }] })}`;

it("calls tools turn by turn until it gives the outputs: react", async () => {
  const sent = script([call("nothing", {}), call("lookup", { number: -5 }), call("lookup", { number: 3 }), '{"outputs": {"square": 9, "unit": "m"}}']);
  const result = await cluster.run({ ...ASK, tools });
  expect(result).toMatchObject({ status: "answered", turns: 4, llmCalls: 0, outputs: { square: 9, unit: "m" } });
  expect(sent[0]?.[0]?.text).toContain("- `lookup`: ");
  expect(sent[1]?.at(-1)?.text).toContain('calls[0].tool is "nothing"; the tools are: ');
  expect(sent[2]?.at(-1)?.text).toMatch(/^Result of lookup:\n\[Error\] .*Too small/);
  expect(sent[3]?.at(-1)?.text).toMatch(/^Result of lookup:\n\{.*"unit"/);
  const { turns } = await readTrajectory(cluster.client, result.workflowId);
  expect(turns.map(({ calls }) => calls.map(({ kind, tool }) => `${kind} ${tool}`))).toEqual([[], ["tool lookup"], ["tool lookup"], []]);
});

it("goes on after its worker was killed, with what tools returned before, and gives a degraded answer at its limit", async () => {
  const sent: Messages[] = [];
  cluster.model.setRules([
    { name: "extract", when: { last: "Reply with one JSON object and nothing else" }, reply: '{"square": 9, "unit": "m"}' },
    { name: "slow", when: { turn: 2 }, reply: ({ messages }) => (sent.push(messages), call("lookup", { number: 4 })), delayMs: 2000 },
    { name: "quick", reply: call("lookup", { number: 3 }) },
  ]);
  const id = await cluster.start({ ...ASK, tools, limits: { maxIterations: 2 } });
  await vi.waitUntil(() => sent.length === 1, { timeout: 30_000, interval: 20 });
  await worker.kill();
  worker = await cluster.startWorker();
  expect(await cluster.result(id)).toMatchObject({ status: "degraded", reason: "iterations", turns: 2, outputs: { square: 9, unit: "m" } });
  expect(sent[0]?.at(-1)?.text).toContain("Result of lookup:");
  expect(new Set(sent.map((messages) => JSON.stringify(messages))).size).toBe(1);
});

it("is forked from a turn with its tools, and with what it spent on them", async () => {
  script([call("lookup", { number: 3 }), call("lookup", { number: 4 }), '{"outputs": {"square": 9, "unit": "m"}}']);
  const { workflowId } = await cluster.run({ ...ASK, tools });
  const sent = script(["", call("lookup", { number: 5 }), call("lookup", { number: 6 }), '{"outputs": {"square": 1, "unit": "ft"}}']);
  const fork = await forkRun(cluster.client, workflowId, { turn: 1, queues: cluster.queues(), limits: { maxToolCalls: 2 } });
  expect(await cluster.result(fork.workflowId)).toMatchObject({ status: "answered", turns: 4, llmCalls: 0, outputs: { square: 1, unit: "ft" } });
  expect(sent[1]?.at(-1)?.text).toMatch(/^Result of lookup:\n\{/);
  expect(sent[2]?.at(-1)?.text).toContain("the limit of tool calls is reached");
});
