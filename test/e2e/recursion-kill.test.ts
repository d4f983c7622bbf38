import { beforeEach, expect, it, vi } from "vitest";
import type { LedgerRow, ScriptedRule } from "../../src/testing/index.js";
import { clusterForFile } from "../helpers/cluster-for-file.js";
import { NonceReplies, PYTHON_DIGEST, expectNoAnsweredCallRepeated } from "../helpers/nonce-replies.js";
import type { TestWorker } from "../helpers/test-worker.js";

const cluster = await clusterForFile();
let worker: TestWorker;

let replies: NonceReplies;
beforeEach(async () => {
  replies = new NonceReplies();
  worker = await cluster.startWorker();
});

function script(runs: Readonly<Record<string, readonly string[]>>, sub: Omit<ScriptedRule, "name" | "when">): void {
  cluster.model.reset();
  cluster.model.setRules([
    ...Object.entries(runs).map(([task, codes]): ScriptedRule => ({
      name: task, when: { model: "scripted-root", system: task }, turns: codes.map((code) => `Next.\n\n\`\`\`python\n${code}\n\`\`\``),
    })),
    { name: "sub", when: { model: "scripted-sub" }, ...sub },
  ]);
}

const answered = (rule: string): readonly LedgerRow[] => cluster.model.ledger().filter((row) => row.rule === rule && row.answered);

const answeredWith = (text: string): number => answered("sub").filter(({ lastUserTail }) => lastUserTail.includes(text)).length;

/** SIGKILLs the only worker each time a condition holds, and starts another. */
async function killWhen(conditions: readonly (() => boolean)[]): Promise<number[]> {
  const killedAtMs: number[] = [];
  for (const condition of conditions) {
    await vi.waitUntil(condition, { timeout: 90_000, interval: 2 });
    killedAtMs.push(Date.now());
    await worker.kill();
    worker = await cluster.startWorker();
  }
  return killedAtMs;
}

it("two levels of children, in a batch, with the worker killed twice in mid-child, give the answer of an undisturbed run", async () => {
  script(
    {
      "LEAF-TASK": ["r = llm_query_batched([f'{name} part {i}' for i in range(3)])", "SUBMIT(answer=digest(r, name))"],
      "MIDDLE-TASK": ["a = llm_query(f'{name} first')", "b = rlm_query('LEAF-TASK', name=name + ' leaf')", "SUBMIT(answer=digest([a, b], G.send(1)))"],
      "TOP-TASK": [
        `${PYTHON_DIGEST}\ndef squares():\n    total = 40\n    while True:\n        total += (yield total)\nG = squares(); next(G)`,
        "r = rlm_query_batched([('MIDDLE-TASK', {'name': f'child {i}'}) for i in range(2)])\nSUBMIT(answer=digest(r, G.send(2)))",
      ],
    },
    { reply: replies.reply, delayMs: 400 },
  );
  const id = await cluster.start({ signature: "-> answer: str", instructions: "TOP-TASK", limits: { maxDepth: 2, maxLlmCalls: 40 } });
  const killedAtMs = await killWhen([() => answered("sub").length >= 1, () => answeredWith("leaf part") >= 2]);
  const result = await cluster.result(id);
  const leaf = (i: number): string => replies.digest([0, 1, 2].map((part) => `child ${i} leaf part ${part}`), `child ${i} leaf`);
  const middle = (i: number): string => new NonceReplies().digest([], [replies.answer(`child ${i} first`), leaf(i), "41"].join("|"));
  expect(result.status).toBe("answered");
  expect(result.outputs).toEqual({ answer: new NonceReplies().digest([], [middle(0), middle(1), "42"].join("|")) });
  // Two children with a call each, two of theirs with three calls each.
  expect(result.llmCalls).toBe(2 * (1 + 1 + 1 + 3));
  expectNoAnsweredCallRepeated(cluster.model.ledger(), killedAtMs);
  await worker.stop();
}, 240_000);

it("maxLlmCalls holds over the whole tree under gathered calls, batches, children and kills", async () => {
  const maxLlmCalls = 45;
  script(
    {
      "GREEDY-CHILD": ["got = []\ntry:\n    for i in range(100): got += llm_query_batched([f'{name} {i} a', f'{name} {i} b'])\nexcept LlmCallLimitExceeded as e:\n    print(e)", "SUBMIT(answer=str(len(got)))"],
      "GREEDY-TOP": [
        "import asyncio\nfirst = await asyncio.gather(*[llm_query_async(f'gather {i}') for i in range(20)])\nprint(len(first))",
        "kids = await asyncio.gather(rlm_query_batched_async([('GREEDY-CHILD', {'name': f'kid {i}'}) for i in range(3)]), *[llm_query_async(f'beside {i}') for i in range(4)])\nprint(budget())",
        "rest = []\ntry:\n    while True: rest.append(llm_query(f'rest {len(rest)}'))\nexcept LlmCallLimitExceeded as e:\n    used = e.used\nSUBMIT(answer=str([sum(int(k) for k in kids[0]), len(rest), used]))",
      ],
    },
    { reply: replies.reply, delayMs: 150 },
  );
  const id = await cluster.start({ signature: "-> answer: str", instructions: "GREEDY-TOP", limits: { maxDepth: 1, maxLlmCalls } });
  const killedAtMs = await killWhen([() => answered("sub").length >= 10, () => answeredWith("kid ") >= 3]);
  const result = await cluster.result(id);
  // 20 gathered, 4 beside the children, 3 children: 18 are left, in four parts of 4. The parent has what is left of it all.
  expect(result).toMatchObject({ status: "answered", outputs: { answer: "[12, 6, 45]" }, llmCalls: maxLlmCalls });
  const distinct = new Set(answered("sub").map(({ idempotencyKey }) => idempotencyKey));
  // The children are calls too; they are not asked of the sub-model.
  expect(distinct.size).toBe(maxLlmCalls - 3);
  expectNoAnsweredCallRepeated(cluster.model.ledger(), killedAtMs);
  await worker.stop();
}, 240_000);
