import { cancelRun } from "../../src/client/cancel-run.js";
import { changeBudget, pauseRun, resumeRun, steerRun } from "../../src/client/control-run.js";
import { readResult } from "../../src/client/read-result.js";
import { requestOf, rows, until, type Scenarios } from "./recording.js";

const ANN = { by: "ann@ops", why: null };

/** Runs that nothing happens to, and those that people do something to. */
export const ORDINARY: Scenarios = {
  "ordinary": {
    expected: { status: "answered", turns: 4, llmCalls: 26 },
    async play({ cluster }, id) {
      const batches = "few = llm_query_batched([f'a {i}' for i in range(3)])\nmany = llm_query_batched([f'b {i}' for i in range(20)])";
      cluster.script(["print(len(q))", "one = llm_query('one')\ntwo = llm_query('two')", batches, "SUBMIT(answer=llm_query('last'))"]);
      return cluster.run(requestOf(id));
    },
  },
  "large-snapshot": {
    expected: { status: "answered", turns: 2, llmCalls: 1 },
    async play({ cluster }, id) {
      cluster.script(["import random\nbig = random.Random(7).randbytes(40_000_000)\none = llm_query('one')", "SUBMIT(answer=str(len(big)))"]);
      return cluster.run(requestOf(id));
    },
  },
  "over-budget": {
    expected: { status: "answered", turns: 2, llmCalls: 4 },
    async play({ cluster }, id) {
      const asksTooMuch = "try:\n    llm_query_batched(['a', 'b', 'c'])\nexcept LlmCallLimitExceeded as e:\n    SUBMIT(answer=str(e))";
      cluster.script(["r = [llm_query(f'q {i}') for i in range(4)]", asksTooMuch]);
      return cluster.run(requestOf(id, { limits: { maxLlmCalls: 5 } }));
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
      return cluster.run(requestOf(id, { limits: { maxIterations: 2 } }));
    },
  },
  "child-runs": {
    expected: { status: "answered", turns: 1, llmCalls: 5, outputs: { answer: "ok ok" } },
    async play({ cluster }, id) {
      const turns = (cell: string): string[] => [`\`\`\`python\n${cell}\n\`\`\``];
      cluster.model.reset();
      cluster.model.setRules([
        { name: "child", when: { model: "scripted-root", system: "CHILD-TASK" }, turns: turns("SUBMIT(answer=llm_query(name))") },
        { name: "root", when: { model: "scripted-root" }, turns: turns("one = llm_query('one')\nr = rlm_query_batched([('CHILD-TASK', {'name': n}) for n in 'ab'])\nSUBMIT(answer=' '.join(r))") },
        { name: "sub", when: { model: "scripted-sub" }, reply: "ok" },
      ]);
      return cluster.run(requestOf(id, { limits: { maxDepth: 1 } }));
    },
  },
  "controlled": {
    expected: { status: "answered", turns: 2, llmCalls: 2, maxLlmCalls: 7 },
    async play(recording, id) {
      const { cluster } = recording;
      cluster.script(["x = llm_query('one')", "SUBMIT(answer=llm_query('two'))"], { reply: "ok", delayMs: 800 });
      await cluster.start(requestOf(id));
      await until(() => rows(recording, "sub").length === 1);
      await pauseRun(cluster.client, id, ANN);
      await until(async () => (await readResult(cluster.client, id)).status === "paused");
      await steerRun(cluster.client, id, "Be quick.", ANN);
      await changeBudget(cluster.client, id, { maxLlmCalls: 7 }, ANN);
      await resumeRun(cluster.client, id, ANN);
      return cluster.result(id);
    },
  },
  "limit-raised": {
    expected: { status: "answered", turns: 2 },
    async play({ cluster }, id) {
      cluster.script(["x = 1", "SUBMIT(answer=str(x))"]);
      await cluster.start(requestOf(id, { limits: { maxIterations: 1, onLimit: "wait" } }));
      await until(async () => (await readResult(cluster.client, id)).status === "blocked");
      await changeBudget(cluster.client, id, { maxIterations: 3 }, ANN);
      return cluster.result(id);
    },
  },
  "cancelled": {
    expected: { status: "cancelled" },
    async play(recording, id) {
      const { cluster } = recording;
      cluster.script(["r = llm_query_batched([f'{i}' for i in range(20)])"], { reply: "ok", delayMs: 30_000 });
      await cluster.start(requestOf(id));
      await until(() => cluster.model.stats().inFlight === 20);
      await cancelRun(cluster.client, id);
      return cluster.result(id);
    },
  },
};
