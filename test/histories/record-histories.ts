import { hostname } from "node:os";
import { historyToJSON } from "@temporalio/common/lib/proto-utils.js";
import { NativeConnection, Worker } from "@temporalio/worker";
import { afterAll, beforeAll, expect, it } from "vitest";
import { TestCluster } from "../helpers/cluster.js";
import { legsOf, type History } from "../helpers/legs-of.js";
import { CONTINUED_RUN, PATCHED_RUN, PATCHED_WORKFLOW, writeHistory } from "./history-file.js";
import { requestOf, type Recording } from "./recording.js";
import { SCENARIOS } from "./scenarios.js";
import { scrubHistory } from "./scrub.js";

/** Not a test: `npm run record-histories` runs it, after a change of the workflow's behaviour that was made on purpose. */
let recording: Recording;
/** Ids of all workers so far: they stand in the names of session queues. */
const workerIds = new Set<string>();
beforeAll(async () => {
  const cluster = await TestCluster.start();
  const startWorker = cluster.startWorker.bind(cluster);
  cluster.startWorker = async (env) => {
    const worker = await startWorker(env);
    workerIds.add(worker.workerId);
    return worker;
  };
  recording = { cluster, worker: await cluster.startWorker() };
});
afterAll(() => recording.cluster[Symbol.asyncDispose]());

async function record(workflowId: string): Promise<void> {
  const client = await recording.cluster.client.temporal();
  write(recording.cluster, workflowId, await client.workflow.getHandle(workflowId).fetchHistory());
}

function write({ home }: TestCluster, name: string, history: History): void {
  const names = [...workerIds].map((id, i) => [id, `worker-${i + 1}`] as const);
  writeHistory(name, scrubHistory(JSON.parse(historyToJSON(history)), { ...Object.fromEntries(names), [hostname()]: "host", [home]: "worker-home" }));
}

it.each(Object.entries(SCENARIOS))("records %s", async (name, { play, expected }) => {
  expect(await play(recording, name)).toMatchObject(expected);
  await record(name);
});

it("records both histories of a run that continues as new in the middle of a cell", async () => {
  // Of its own, because here the server suggests it so early.
  const cluster = await TestCluster.start({ dynamicConfig: { "limit.historyCount.suggestContinueAsNew": "60" } });
  try {
    workerIds.add((await cluster.startWorker()).workerId);
    cluster.script(["x = 1", "r = [llm_query(f'q {i}') for i in range(8)]\nSUBMIT(answer=str(x) + r[7])"]);
    expect(await cluster.run(requestOf("continued"))).toMatchObject({ status: "answered", turns: 2, llmCalls: 8, outputs: { answer: "1ok" } });
    const legs = await legsOf(cluster, "continued");
    expect(legs.map(({ input }) => input.state?.phase.at)).toEqual([undefined, expect.stringMatching(/^(call|resume)$/)]);
    for (const [i, name] of CONTINUED_RUN.entries()) write(cluster, name, legs[i]?.history ?? {});
  } finally {
    await cluster[Symbol.asyncDispose]();
  }
});

it("records a run of a workflow that was changed behind patched()", async () => {
  const { cluster, worker } = recording;
  await worker.stop();
  recording.worker = await cluster.startWorker({ RLM_ROLES: "llm,repl" });
  const connection = await NativeConnection.connect({ address: cluster.temporal.address });
  try {
    const changed = await Worker.create({ connection, namespace: cluster.temporal.namespace, taskQueue: cluster.queues().workflow, workflowsPath: PATCHED_WORKFLOW });
    cluster.script(["SUBMIT(answer=llm_query('one'))"]);
    expect(await changed.runUntil(cluster.run(requestOf(PATCHED_RUN)))).toMatchObject({ status: "answered" });
    await record(PATCHED_RUN);
  } finally {
    await connection.close();
  }
});
