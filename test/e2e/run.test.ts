import { afterAll, beforeAll, expect, it } from "vitest";
import { TestCluster } from "../helpers/cluster.js";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await TestCluster.start();
  await cluster.startWorker();
});
afterAll(() => cluster[Symbol.asyncDispose]());

it("runs several turns with sub-calls to a typed answer", async () => {
  cluster.script(["n = len(logs)\nprint(n)", "r = llm_query_batched([f'q{i}' for i in range(3)])\nprint(r)", "SUBMIT(answer=llm_query('last') + ' ' + str(n), count=n)"]);
  const result = await cluster.run({ signature: "logs, question -> answer: str, count: int", inputs: { logs: "x".repeat(5000), question: "how many?" } });
  expect(result).toMatchObject({ status: "answered", reason: null, outputs: { answer: "ok 5000", count: 5000 }, turns: 3, llmCalls: 4 });
});
