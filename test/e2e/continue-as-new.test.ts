import { expect, it, vi } from "vitest";
import { listRuns } from "../../src/client/list-runs.js";
import { readTrajectory } from "../../src/client/read-trajectory.js";
import { clusterForFile } from "../helpers/cluster-for-file.js";
import { legsOf } from "../helpers/legs-of.js";
import { MAX_WORKER_MB, rssMb, scriptLongRun } from "../helpers/long-run.js";
import { expectNoAnsweredCallRepeated } from "../helpers/nonce-replies.js";
import { payloadSizes } from "../helpers/payload-sizes.js";

vi.setConfig({ testTimeout: 180_000 });

/** The server's own default is 4,096. */
const SUGGESTED_EVENTS = 250;
/** A step that is under way when the server suggests it: 12 calls, an activity each. */
const EVENTS_OF_A_STEP = 60;

const cluster = await clusterForFile({ dynamicConfig: { "limit.historyCount.suggestContinueAsNew": String(SUGGESTED_EVENTS) } });
let worker = await cluster.startWorker();

it("carries a run of 12 turns and 200 sub-calls over several short histories, with a kill, and in the middle of cells", async () => {
  const workerMb: number[] = [];
  const killedAtMs: number[] = [];
  let replaced: Promise<void> | null = null;
  const replaceWorker = async (): Promise<void> => {
    killedAtMs.push(Date.now());
    await worker.kill();
    worker = await cluster.startWorker();
  };
  const { answer, llmCalls } = scriptLongRun(cluster, {
    turns: 12, batch: 12, inOneCell: 56,
    onTurn: (turn) => {
      if (turn === 8) replaced ??= replaceWorker();
      else workerMb.push(rssMb(worker.pid));
    },
  });
  const id = await cluster.start({ signature: "q -> answer", inputs: { q: "?" }, limits: { maxIterations: 12, maxLlmCalls: llmCalls } });
  expect(await cluster.result(id)).toMatchObject({ status: "answered", turns: 12, llmCalls: 200, outputs: { answer } });
  expectNoAnsweredCallRepeated(cluster.model.ledger(), killedAtMs);

  const legs = await legsOf(cluster, id);
  expect(legs.length).toBeGreaterThanOrEqual(4);
  for (const { events, bytes, history } of legs) {
    expect(events).toBeLessThan(SUGGESTED_EVENTS + EVENTS_OF_A_STEP);
    expect(bytes).toBeLessThan(120_000);
    expect(Math.max(...payloadSizes(history))).toBeLessThan(2048);
  }
  expect(legs.slice(1).map(({ input }) => input.state?.phase.at)).toSatisfy((phases: readonly string[]) => phases.some((at) => at === "resume" || at === "call"));
  expect(new Set(legs.map(({ input }) => input.runUid)).size).toBe(1);
  expect(Math.max(...workerMb)).toBeLessThan(MAX_WORKER_MB);

  // One run to whoever looks.
  expect((await readTrajectory(cluster.client, id)).turns.map(({ turn }) => turn)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
  expect((await listRuns(cluster.client, { limit: 10, askServer: true })).map(({ workflowId, turns }) => [workflowId, turns])).toEqual([[id, 12]]);
});
