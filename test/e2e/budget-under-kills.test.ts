import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { TestCluster } from "../helpers/cluster.js";

vi.setConfig({ testTimeout: 240_000 });

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await TestCluster.start();
});
afterAll(() => cluster[Symbol.asyncDispose]());

/** 20 coroutines that each ask until they are refused, and batches that are refused whole: together they want far more than the limit. */
const GREEDY = `import asyncio
async def one(k):
    got = 0
    for i in range(4):
        try:
            await llm_query_async(f'{tag} {k} {i}'); got += 1
        except LlmCallLimitExceeded: break
    return got
async def main(): return await asyncio.gather(*[one(k) for k in range(20)])
got = sum(await main())
for n in (9, 4, 2, 1):
    try:
        got += len([r for r in llm_query_batched([f'{tag} batch {n} {i}' for i in range(n)]) if r])
    except LlmCallLimitExceeded: pass
`;

/** A child run counts as a call of its own. */
const CHILDREN = 2;

it("never exceeds maxLlmCalls by one, under gathered calls, batches, child runs and kills", async () => {
  let worker = await cluster.startWorker({ RLM_POOL_SIZE: "0" });
  const child = `tag = 'child'\n${GREEDY}SUBMIT(answer=str(got))`;
  const cells = [`tag = 'parent'\nchildren = rlm_query_batched(['COUNT-TASK', 'COUNT-TASK'])\n${GREEDY}`, "SUBMIT(answer=f'{got} {budget()[\"llm_calls_left\"]}')"];
  const block = (code: string): string => `\`\`\`python\n${code}\n\`\`\``;
  cluster.model.reset();
  cluster.model.setRules([
    { name: "child", when: { model: "scripted-root", system: "COUNT-TASK" }, reply: block(child), delayMs: 100 },
    { name: "root", when: { model: "scripted-root" }, turns: cells.map(block), delayMs: 100 },
    { name: "sub", when: { model: "scripted-sub" }, reply: "ok", delayMs: 300 },
  ]);
  const maxLlmCalls = 45;
  const id = await cluster.start({ signature: "q -> answer: str", inputs: { q: "?" }, limits: { maxLlmCalls, maxDepth: 1 } });
  const answered = (): number => new Set(cluster.model.ledger().filter((row) => row.rule === "sub" && row.answered).map((row) => row.idempotencyKey)).size;
  const asked = (): number => new Set(cluster.model.ledger().filter((row) => row.rule === "sub").map((row) => row.idempotencyKey)).size;
  for (const at of [5, 30]) {
    await vi.waitUntil(() => answered() >= at, { timeout: 100_000, interval: 2 });
    await worker.kill();
    worker = await cluster.startWorker({ RLM_POOL_SIZE: "0" });
  }
  const result = await cluster.result(id);
  expect(result).toMatchObject({ status: "answered" });
  expect(result.llmCalls).toBeLessThanOrEqual(maxLlmCalls);
  // Every key that the server ever saw, answered or cut off by a kill, is one call of the budget.
  expect(asked() + CHILDREN).toBeLessThanOrEqual(maxLlmCalls);
  expect(answered() + CHILDREN).toBe(result.llmCalls);
  expect(result.llmCalls).toBeGreaterThan(30);
});
