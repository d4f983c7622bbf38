import { expect, it, vi } from "vitest";
import { clusterForFile } from "../helpers/cluster-for-file.js";
import { NonceReplies, PYTHON_DIGEST, expectNoAnsweredCallRepeated } from "../helpers/nonce-replies.js";

vi.setConfig({ testTimeout: 180_000 });

const NO_CACHE = { RLM_MAX_CACHED_WORKFLOWS: "0" };

const cluster = await clusterForFile();

it("gives the same answer when every step of the workflow is a replay from the first event, with a child run and a kill in the middle", async () => {
  const replies = new NonceReplies();
  const worker = await cluster.startWorker(NO_CACHE);
  cluster.model.setRules([
    { name: "child", when: { model: "scripted-root", system: "CHILD-TASK" }, turns: ["```python\nSUBMIT(answer=llm_query('of the child'))\n```"] },
    {
      name: "root", when: { model: "scripted-root" },
      turns: [`${PYTHON_DIGEST}\na = llm_query('alone')`, "b = llm_query_batched([f'part {i}' for i in range(18)])", "SUBMIT(answer=digest([a, *b, rlm_query('CHILD-TASK')], 7))"].map((cell) => `\`\`\`python\n${cell}\n\`\`\``),
    },
    { name: "sub", when: { model: "scripted-sub" }, reply: replies.reply, delayMs: 300 },
  ]);
  const id = await cluster.start({ signature: "-> answer: str", limits: { maxDepth: 1 } });
  await vi.waitUntil(() => cluster.model.ledger().filter(({ rule }) => rule === "sub").length > 1, { timeout: 90_000, interval: 2 });
  const killedAtMs = Date.now();
  await worker.kill();
  await cluster.startWorker(NO_CACHE);
  const result = await cluster.result(id);
  const parts = Array.from({ length: 18 }, (_, i) => `part ${i}`);
  expect(result).toMatchObject({ status: "answered", llmCalls: 21, outputs: { answer: replies.digest(["alone", ...parts, "of the child"], "7") } });
  expectNoAnsweredCallRepeated(cluster.model.ledger(), [killedAtMs]);
  // Nothing was given to a worker because it had the workflow in memory.
  const { events } = await (await cluster.client.temporal()).workflow.getHandle(id).fetchHistory();
  const queues = (events ?? []).flatMap(({ workflowTaskScheduledEventAttributes: task }) => (task ? [task.taskQueue?.name] : []));
  expect(queues.length).toBeGreaterThan(10);
  expect(new Set(queues)).toEqual(new Set([cluster.queues().workflow]));
});
