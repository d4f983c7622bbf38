import { expect, it } from "vitest";
import { clusterForFile } from "../helpers/cluster-for-file.js";
import { legsOf } from "../helpers/legs-of.js";
import { MAX_WORKER_MB, rssMb, scriptLongRun } from "../helpers/long-run.js";
import { payloadSizes } from "../helpers/payload-sizes.js";

const TURNS = Number(process.env["RLM_TEST_TURNS"] ?? 300);
const BATCH = 16;
/** With 300 batches: 5,000 sub-calls. */
const IN_ONE_CELL = 200;
const SUGGESTED_EVENTS = 1000;

const cluster = await clusterForFile({ dynamicConfig: { "limit.historyCount.suggestContinueAsNew": String(SUGGESTED_EVENTS) } });
let worker = await cluster.startWorker();

it("runs 300 turns with 5,000 sub-calls in histories and in memory that do not grow with them", async () => {
  const workerMb: number[] = [];
  const turnAtMs: number[] = [];
  const { answer, llmCalls } = scriptLongRun(cluster, {
    turns: TURNS, batch: BATCH, inOneCell: IN_ONE_CELL,
    onTurn: (turn) => {
      workerMb[turn - 1] = rssMb(worker.pid);
      turnAtMs[turn - 1] = Date.now();
    },
  });
  const id = await cluster.start({ signature: "q -> answer", inputs: { q: "?" }, limits: { maxIterations: TURNS, maxLlmCalls: llmCalls } });
  expect(await cluster.result(id)).toMatchObject({ status: "answered", turns: TURNS, llmCalls, outputs: { answer } });
  expect(cluster.model.ledger()).toHaveLength(TURNS + llmCalls);

  const legs = await legsOf(cluster, id);
  const meanOf = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
  const tenth = Math.floor(TURNS / 10);
  const turnMs = turnAtMs.slice(1).map((atMs, i) => atMs - (turnAtMs[i] ?? 0));
  const facts = {
    llmCalls, legs: legs.length, mostEvents: Math.max(...legs.map(({ events }) => events)), mostBytes: Math.max(...legs.map(({ bytes }) => bytes)),
    largestPayload: legs.flatMap(({ history }) => payloadSizes(history)).reduce((most, bytes) => Math.max(most, bytes)),
    workerMb: { tenths: Array.from({ length: 10 }, (_, i) => Math.round(meanOf(workerMb.slice(i * tenth, (i + 1) * tenth)))), most: Math.round(Math.max(...workerMb)) },
    turnMs: { firstTenth: Math.round(meanOf(turnMs.slice(0, tenth))), lastTenth: Math.round(meanOf(turnMs.slice(-tenth))) },
  };
  process.stdout.write(`${JSON.stringify(facts)}\n`);
  expect(facts.legs).toBeGreaterThan(TURNS / 30);
  expect(facts.mostEvents).toBeLessThan(SUGGESTED_EVENTS + 100);
  expect(facts.mostBytes).toBeLessThan(500_000);
  expect(facts.largestPayload).toBeLessThan(2048);
  expect(facts.workerMb.most).toBeLessThan(MAX_WORKER_MB);
});
