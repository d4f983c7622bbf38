import { expect, vi } from "vitest";
import { readResult } from "../../src/client/read-result.js";
import { retryRun } from "../../src/client/retry-run.js";
import type { ResultDocument } from "../../src/core/result.js";
import type { TestCluster } from "../helpers/cluster.js";
import type { TestWorker } from "../helpers/test-worker.js";

/** The parts of a recording: a cluster, and the worker that serves it. */
export interface Recording {
  readonly cluster: TestCluster;
  worker: TestWorker;
}

/** A run worth keeping the history of. `play` runs it under its name as workflow id and resolves with how it ended. */
interface Scenario {
  readonly expected: Partial<ResultDocument>;
  play(recording: Recording, id: string): Promise<ResultDocument>;
}

const SIGNATURE = "q -> answer: str";
const INPUTS = { q: "?" };

/** Recorded by `npm run record-histories`; the name is that of the file and the workflow id. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  "ordinary": {
    expected: { status: "answered", turns: 4, llmCalls: 26 },
    async play({ cluster }, id) {
      const batches = "few = llm_query_batched([f'a {i}' for i in range(3)])\nmany = llm_query_batched([f'b {i}' for i in range(20)])";
      cluster.script(["print(len(q))", "one = llm_query('one')\ntwo = llm_query('two')", batches, "SUBMIT(answer=llm_query('last'))"]);
      return cluster.run({ id, signature: SIGNATURE, inputs: INPUTS });
    },
  },
  "large-snapshot": {
    expected: { status: "answered", turns: 2, llmCalls: 1 },
    async play({ cluster }, id) {
      cluster.script(["import random\nbig = random.Random(7).randbytes(40_000_000)\none = llm_query('one')", "SUBMIT(answer=str(len(big)))"]);
      return cluster.run({ id, signature: SIGNATURE, inputs: INPUTS });
    },
  },
  "over-budget": {
    expected: { status: "answered", turns: 2, llmCalls: 4 },
    async play({ cluster }, id) {
      const asksTooMuch = "try:\n    llm_query_batched(['a', 'b', 'c'])\nexcept LlmCallLimitExceeded as e:\n    SUBMIT(answer=str(e))";
      cluster.script(["r = [llm_query(f'q {i}') for i in range(4)]", asksTooMuch]);
      return cluster.run({ id, signature: SIGNATURE, inputs: INPUTS, limits: { maxLlmCalls: 5 } });
    },
  },
  "worker-killed-in-mid-cell": {
    expected: { status: "answered", turns: 2, llmCalls: 6 },
    async play(recording, id) {
      const { cluster } = recording;
      cluster.script(["kept = 1", "r = [llm_query(f'ask {i}') for i in range(6)]\nSUBMIT(answer=' '.join(r))"], { reply: "ok", delayMs: 300 });
      await cluster.start({ id, signature: SIGNATURE, inputs: INPUTS });
      await vi.waitUntil(() => cluster.model.ledger().filter(({ rule, answered }) => rule === "sub" && answered).length === 3, { timeout: 30_000, interval: 2 });
      await recording.worker.kill();
      recording.worker = await cluster.startWorker();
      return cluster.result(id);
    },
  },
  "blocked-and-retried": {
    expected: { status: "answered", turns: 1, llmCalls: 1 },
    async play({ cluster }, id) {
      cluster.script(["SUBMIT(answer=llm_query('one'))"]);
      cluster.model.setRequiredKey("another key");
      await cluster.start({ id, signature: SIGNATURE, inputs: INPUTS });
      await expect.poll(async () => (await readResult(cluster.client, id)).status, { timeout: 15_000 }).toBe("blocked");
      cluster.model.setRequiredKey(null);
      await retryRun(cluster.client, id, { by: "test", why: null });
      return cluster.result(id);
    },
  },
  "extract": {
    expected: { status: "degraded", reason: "iterations", turns: 2, llmCalls: 0 },
    async play({ cluster }, id) {
      cluster.model.reset();
      cluster.model.setRules([
        { name: "extract", when: { last: "Reply with one JSON object" }, reply: '{"answer": "from the trajectory"}' },
        { name: "root", when: { model: "scripted-root" }, reply: "```python\nprint('still looking')\n```" },
      ]);
      return cluster.run({ id, signature: SIGNATURE, inputs: INPUTS, limits: { maxIterations: 2 } });
    },
  },
  "sandbox-killed-cell": {
    expected: { status: "answered", turns: 2, llmCalls: 0 },
    async play({ cluster }, id) {
      cluster.script(["import os\nos._exit(3)", "SUBMIT(answer='went on')"]);
      return cluster.run({ id, signature: SIGNATURE, inputs: INPUTS });
    },
  },
};
