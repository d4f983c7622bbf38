import { expect, it } from "vitest";
import { clusterForFile } from "../helpers/cluster-for-file.js";
import { payloadSizes } from "../helpers/payload-sizes.js";

const cluster = await clusterForFile();
await cluster.startWorker();

it("keeps the history of 20 turns with 200 sub-calls of 20 KB below 1 MB, and every payload below 2 KB", async () => {
  const turn = "r = llm_query_batched([str(i) + 'x' * 20_000 for i in range(9)]) + [llm_query('y' * 20_000)]\nprint('z' * 5000)";
  cluster.script([...Array.from({ length: 20 }, () => turn), "SUBMIT(answer='done')"], { reply: "an answer ".repeat(200) });
  const id = await cluster.start({ signature: "logs -> answer", inputs: { logs: "l".repeat(1_000_000) }, limits: { maxIterations: 30, maxLlmCalls: 200 } });
  expect(await cluster.result(id)).toMatchObject({ status: "answered", turns: 21, llmCalls: 200 });

  const client = await cluster.client.temporal();
  const history = await client.workflow.getHandle(id).fetchHistory();
  const { workflowExecutionInfo } = await client.workflowService.describeWorkflowExecution({ namespace: cluster.temporal.namespace, execution: { workflowId: id } });
  expect(Number(workflowExecutionInfo?.historySizeBytes)).toBeLessThan(1_000_000);
  expect(Math.max(...payloadSizes(history))).toBeLessThan(2048);
});
