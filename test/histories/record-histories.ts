import { hostname } from "node:os";
import { historyToJSON } from "@temporalio/common/lib/proto-utils.js";
import { afterAll, beforeAll, expect, it } from "vitest";
import { TestCluster } from "../helpers/cluster.js";
import { writeHistory } from "./history-file.js";
import { SCENARIOS, type Recording } from "./scenarios.js";
import { scrubHistory } from "./scrub.js";

/** Not a test: `npm run record-histories` runs it, after a change of the workflow's behaviour that was made on purpose. */
let recording: Recording;
beforeAll(async () => {
  const cluster = await TestCluster.start();
  recording = { cluster, worker: await cluster.startWorker() };
});
afterAll(() => recording.cluster[Symbol.asyncDispose]());

it.each(Object.entries(SCENARIOS))("records %s", async (name, { play, expected }) => {
  const before = recording.worker.workerId;
  expect(await play(recording, name)).toMatchObject(expected);
  const client = await recording.cluster.client.temporal();
  const history: unknown = JSON.parse(historyToJSON(await client.workflow.getHandle(name).fetchHistory()));
  writeHistory(name, scrubHistory(history, { [before]: "worker-1", [recording.worker.workerId]: "worker-2", [hostname()]: "host" }));
});
