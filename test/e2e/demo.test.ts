import { expect, it } from "vitest";
import { demoModelRules } from "../../src/demo/demo-model-rules.js";
import { DEMO_TASK } from "../../src/demo/demo-task.js";
import { generateIncidentLog } from "../../src/demo/incident-log.js";
import { clusterForFile } from "../helpers/cluster-for-file.js";

const cluster = await clusterForFile();
await cluster.startWorker();

const SEEDS = Array.from({ length: 3 }, () => String(Math.floor(Math.random() * 1e9)));

it.each(SEEDS)("finds the service that failed first in the demo's log of seed %s", async (seed) => {
  const { chunks, truth } = generateIncidentLog({ seed, bytes: 2_000_000 });
  cluster.model.reset();
  cluster.model.setRules(demoModelRules({ rootDelayMs: 0, subDelayMs: 0 }));
  const inputs = { logs: [...chunks].join(""), question: DEMO_TASK.question };
  const result = await cluster.run({ signature: DEMO_TASK.signature, inputs, limits: { maxLlmCalls: 100 } });
  expect(result).toMatchObject({ status: "answered", turns: 5, outputs: { service: truth.firstFailedService, cause: truth.cause, evidence: truth.firstSignLine } });
});
