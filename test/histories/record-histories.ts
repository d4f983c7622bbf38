import { hostname } from "node:os";
import { historyToJSON } from "@temporalio/common/lib/proto-utils.js";
import { NativeConnection, Worker } from "@temporalio/worker";
import { afterAll, beforeAll, expect, it } from "vitest";
import { DELIVERY_WORKFLOW_TYPE } from "../../src/core/sink-spec.js";
import { SCHEDULED_WORKFLOW_TYPE } from "../../src/core/schedule-wire.js";
import { BatchCommand } from "../helpers/batch-command.js";
import { rlmOk } from "../helpers/cluster-cli.js";
import { TestCluster } from "../helpers/cluster.js";
import { collect } from "../helpers/collect.js";
import { legsOf, type History } from "../helpers/legs-of.js";
import { CONTINUED_RUN, PATCHED_RUN, PATCHED_WORKFLOW, writeHistory } from "./history-file.js";
import { requestOf, until, type Recording } from "./recording.js";
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

async function record(workflowId: string, name = workflowId): Promise<void> {
  const client = await recording.cluster.client.temporal();
  write(recording.cluster, name, await client.workflow.getHandle(workflowId).fetchHistory());
}

/** The id of the only workflow of a type. */
async function idOf(type: string): Promise<string> {
  const [found] = await collect((await recording.cluster.client.temporal()).workflow.list({ query: `WorkflowType = "${type}" AND ExecutionStatus = "Completed"` }));
  if (found === undefined) throw new Error(`No ${type} has ended.`);
  return found.workflowId;
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

it("records a batch, and a window of a schedule whose result is delivered", async () => {
  const { cluster } = recording;
  cluster.model.reset();
  cluster.model.setRules([{ name: "all", reply: '{"answer": "ok"}' }]);
  const batch = new BatchCommand(cluster, "batch");
  await batch.writeRows(3);
  expect(await batch.run("--concurrency", "2").done).toMatchObject({ code: 0 });
  await record("batch");
  await rlmOk(cluster, "schedule", "create", "nightly", "--cron", "@yearly", "-s", "q -> answer", "-i", "q=?", "--strategy", "predict", "--sink", "file:out.json");
  await rlmOk(cluster, "schedule", "trigger", "nightly");
  await until(async () => (await Promise.all([idOf(SCHEDULED_WORKFLOW_TYPE), idOf(DELIVERY_WORKFLOW_TYPE)]).catch(() => null)) !== null);
  await record(await idOf(SCHEDULED_WORKFLOW_TYPE), "scheduled");
  await record(await idOf(DELIVERY_WORKFLOW_TYPE), "delivery");
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
