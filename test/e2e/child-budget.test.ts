import { expect, it, vi } from "vitest";
import { pauseRun, resumeRun } from "../../src/client/control-run.js";
import { viewRun } from "../../src/client/follow-run.js";
import { readResult } from "../../src/client/read-result.js";
import { readTrajectory } from "../../src/client/read-trajectory.js";
import type { ScriptedRule } from "../../src/testing/index.js";
import { clusterForFile } from "../helpers/cluster-for-file.js";

const cluster = await clusterForFile();
await cluster.startWorker();

/** Answers the runs whose system message holds `task`; each root call is told to have used so many tokens. */
const root = (task: string, inputTokens: number, ...codes: readonly string[]): ScriptedRule => ({
  name: task, when: { model: "scripted-root", system: task }, turns: codes.map((code) => `Next.\n\n\`\`\`python\n${code}\n\`\`\``), usage: { inputTokens, outputTokens: 0 },
});
const price = { inputUsdPerMillion: 1, outputUsdPerMillion: 1 };

it("a child gets its equal part of the tokens and the money that are left, is told so, and ends when they are used up", async () => {
  const prompts: string[] = [];
  const told = "b = budget()\nSUBMIT(answer=str([b['tokens_left'], b['usd_left'], b['seconds_left'] <= 300]))";
  cluster.model.reset();
  cluster.model.setRules([
    { name: "extract", when: { model: "scripted-root", last: "one JSON object" }, reply: '{"answer":"what I had"}', usage: { inputTokens: 0, outputTokens: 0 } },
    { ...root("TOLD-CHILD", 1000), turns: [(request) => (prompts.push(request.system), `\`\`\`python\n${told}\n\`\`\``)] },
    root("GREEDY-CHILD", 60_000, "x = 1", "SUBMIT(answer='never')"),
    root("BUDGET-PARENT", 1000, "both = rlm_query_batched(['TOLD-CHILD', 'GREEDY-CHILD'])", "b = budget()\nSUBMIT(answer=both + [str([b['tokens_left'], b['usd_left']])])"),
  ]);
  const id = await cluster.start({
    signature: "-> answer: list[str]", instructions: "BUDGET-PARENT",
    limits: { maxDepth: 1, maxTokens: 91_000, budgetUsd: 0.181, timeoutMs: 300_000 }, models: { settings: { "scripted-root": { price }, "scripted-sub": { price } } },
  });
  const result = await cluster.result(id);
  // 90,000 tokens in three parts, less the 1,000 of the child's root call; 0.18 dollars likewise. Then 91,000 - 2 * 1,000 - 1,000 - 60,000 are left.
  expect(result).toMatchObject({ status: "answered", outputs: { answer: ["[29000, 0.059, True]", "what I had", "[28000, 0.118]"] } });
  expect(prompts[0]).toContain("- 30,000 tokens, yours and those of sub-calls together.\n- 0.06 US dollars for all calls together.");
  const [first] = (await readTrajectory(cluster.client, id)).turns;
  expect(first?.observation).toContain("reached its limit (tokens)");
});

it("pausing a run pauses its child between two steps, and resuming it lets the child go on", async () => {
  cluster.model.reset();
  cluster.model.setRules([
    root("PAUSED-CHILD", 10, "a = llm_query('one')\nb = llm_query('two')\nSUBMIT(answer=a + b)"),
    root("PAUSING-PARENT", 10, "SUBMIT(answer=rlm_query('PAUSED-CHILD'))"),
    { name: "sub", when: { model: "scripted-sub" }, reply: "ok", delayMs: 1500 },
  ]);
  const asked = (): number => cluster.model.ledger().filter(({ rule }) => rule === "sub").length;
  const id = await cluster.start({ signature: "-> answer: str", instructions: "PAUSING-PARENT", limits: { maxDepth: 1 } });
  await vi.waitUntil(() => asked() === 1, { timeout: 60_000, interval: 20 });
  const [child = ""] = (await viewRun(cluster.client, id)).openChildren;
  await pauseRun(cluster.client, id, { by: "ann@ops", why: "quota" });
  await vi.waitUntil(async () => (await readResult(cluster.client, child)).status === "paused", { timeout: 20_000, interval: 50 });
  // The call that was under way is finished and kept; the second is not sent.
  await vi.waitUntil(() => cluster.model.stats().inFlight === 0, { timeout: 20_000, interval: 20 });
  await new Promise((resolve) => setTimeout(resolve, 1000));
  expect(asked()).toBe(1);
  await resumeRun(cluster.client, id, { by: "ann@ops", why: null });
  expect(await cluster.result(id)).toMatchObject({ status: "answered", outputs: { answer: "okok" }, llmCalls: 3 });
  expect(asked()).toBe(2);
});
