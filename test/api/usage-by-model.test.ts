import { expect, it } from "vitest";
import { toRunResult } from "../../src/api/run-result.js";
import { readTrajectory } from "../../src/client/read-trajectory.js";
import { addUsage, NO_USAGE } from "../../src/core/usage.js";
import { clusterForFile } from "../helpers/cluster-for-file.js";

const cluster = await clusterForFile();
await cluster.startWorker();

it("a result tells what each model used, in child runs and in the extract too, and all of it together is the whole", async () => {
  const cell = (code: string): string => `Next step.\n\n\`\`\`python\n${code}\n\`\`\``;
  cluster.model.reset();
  cluster.model.setRules([
    { name: "extract", when: { model: "scripted-root", last: "Reply with one JSON object" }, reply: '{"answer": "late"}', usage: { inputTokens: 1000, outputTokens: 7 } },
    { name: "child", when: { model: "scripted-root", system: "CHILD-TASK" }, turns: [cell("SUBMIT(answer=llm_query('from the child'))")], usage: { inputTokens: 100, outputTokens: 3 } },
    { name: "root", when: { model: "scripted-root" }, turns: [cell("rlm_query('CHILD-TASK')\nllm_query_batched(['a', 'b'])\nllm_query('c', model='other')")], usage: { inputTokens: 10, outputTokens: 2 } },
    { name: "other", when: { model: "other" }, reply: "ok", usage: { inputTokens: 5, outputTokens: 1 } },
    { name: "sub", when: { model: "scripted-sub" }, reply: "ok", usage: { inputTokens: 1, outputTokens: 1 } },
  ]);
  const id = await cluster.start({ signature: "-> answer: str", limits: { maxIterations: 1, maxDepth: 1 }, models: { allowed: ["other"] } });
  const result = await toRunResult(await cluster.result(id), {}, async () => (await readTrajectory(cluster.client, id)).turns);
  expect(result.status).toBe("degraded");
  const { byModel, ...total } = result.usage;
  expect(byModel).toMatchObject({
    "scripted-root": { inputTokens: 1110, outputTokens: 12 },
    "scripted-sub": { inputTokens: 3, outputTokens: 3 },
    other: { inputTokens: 5, outputTokens: 1 },
  });
  expect(Object.values(byModel).reduce(addUsage, NO_USAGE)).toEqual(total);
});
