import { createHash } from "node:crypto";
import { expect, it, vi } from "vitest";
import { cancelRun } from "../../src/client/cancel-run.js";
import { viewRun } from "../../src/client/follow-run.js";
import { listRuns } from "../../src/client/list-runs.js";
import { readManifest } from "../../src/client/read-manifest.js";
import { readTrajectory } from "../../src/client/read-trajectory.js";
import type { ScriptedRule } from "../../src/testing/index.js";
import { clusterForFile } from "../helpers/cluster-for-file.js";

const cluster = await clusterForFile();
await cluster.startWorker();

const cells = (...codes: readonly string[]): string[] => codes.map((code) => `Next.\n\n\`\`\`python\n${code}\n\`\`\``);

/** The first rule whose task stands in the system message answers; `sub` answers all sub-calls. */
function script(runs: Readonly<Record<string, readonly string[]>>, sub: Omit<ScriptedRule, "name" | "when"> = { reply: "ok" }): void {
  cluster.model.reset();
  cluster.model.setRules([
    ...Object.entries(runs).map(([task, codes]): ScriptedRule => ({ name: task, when: { model: "scripted-root", system: task }, turns: cells(...codes) })),
    { name: "sub", when: { model: "scripted-sub" }, ...sub },
  ]);
}

it("gives a child a copy of the session at the start of the turn, the given variables and whole inputs; nothing leaks back", async () => {
  const logs = Array.from({ length: 60_000 }, (_, i) => `line ${i} änders`).join("\n");
  script({
    "CHILD-TASK": [
      "mine = helper(secret[0]); leak = 1; secret.append(99)",
      "import hashlib\nsay = llm_query('child asks')\nSUBMIT(answer=str([mine, secret, extra, exact, say, len(logs), hashlib.sha256(logs.encode()).hexdigest(), 'late' in globals(), budget()['turn']]))",
    ],
    "PARENT-TASK": [
      "def helper(x): return x * 2\nsecret = [21]",
      "late = True\ntold = rlm_query('CHILD-TASK', extra='text', exact=2**80)\nSUBMIT(answer=str([told, secret, 'leak' in globals(), 'extra' in globals(), budget()['llm_calls_used']]))",
    ],
  });
  const id = await cluster.start({ signature: "logs -> answer: str", instructions: "PARENT-TASK", inputs: { logs }, limits: { maxDepth: 1 } });
  const result = await cluster.result(id);
  const whole = createHash("sha256").update(logs).digest("hex");
  const child = `[42, [21, 99], 'text', 1208925819614629174706176, 'ok', ${logs.length}, '${whole}', False, 2]`;
  expect(result).toMatchObject({ status: "answered", turns: 2 });
  expect(result.outputs).toEqual({ answer: `[${JSON.stringify(child)}, [21], False, False, 2]` });
  // The child itself, and its one sub-call.
  expect(result.llmCalls).toBe(2);
  const { turns } = await readTrajectory(cluster.client, id);
  expect(turns[1]?.calls).toMatchObject([{ kind: "rlm", prompt: "CHILD-TASK", error: null, child: { turns: [{ turn: 1 }, { turn: 2, calls: [{ kind: "llm", prompt: "child asks", reply: "ok" }] }] } }]);
  // A quarter of all characters sent and received, over the whole tree: what was used is what the server saw.
  const sent = cluster.model.ledger().filter(({ answered }) => answered);
  expect(sent).toHaveLength(5);
  expect(result.usage.inputTokens).toBe(sent.reduce((sum, { promptChars }) => sum + Math.ceil(promptChars / 4), 0));
  const listed = await listRuns(cluster.client, { limit: 50, askServer: true });
  expect(listed.map(({ workflowId }) => workflowId)).toContain(id);
  expect(listed.filter(({ workflowId }) => workflowId.includes("~"))).toEqual([]);
});

it("a child without rlm_query of its own, one that fails and one that reaches its limit: each is told to the parent as it is", async () => {
  const parent = "r = rlm_query_batched(['DEEP-TASK', 'LATE-TASK', 'REJECTED-TASK'])\nprint('kind', r[2].kind, isinstance(r[2], LlmError))\nSUBMIT(answer=r[:2] + [str(bool(r[2]))])";
  const byTask = { "DEEP-TASK": cells("SUBMIT(answer=str('rlm_query' in globals()))"), "LATE-TASK": cells("a = 1", "b = 2"), "PARENT-TWO": cells(parent) };
  cluster.model.reset();
  cluster.model.setRules([
    { name: "extract", when: { model: "scripted-root", last: "one JSON object" }, reply: '{"answer":"best so far"}' },
    { name: "rejected", when: { model: "scripted-root", system: "REJECTED-TASK" }, fault: { type: "status", status: 400 }, reply: "" },
    ...Object.entries(byTask).map(([task, turns]): ScriptedRule => ({ name: task, when: { model: "scripted-root", system: task }, turns })),
  ]);
  const id = await cluster.start({ signature: "-> answer: list[str]", instructions: "PARENT-TWO", limits: { maxDepth: 1, maxIterations: 4 } });
  const result = await cluster.result(id);
  expect(result).toMatchObject({ status: "answered", outputs: { answer: ["False", "best so far", "False"] } });
  const { turns } = await readTrajectory(cluster.client, id);
  expect(turns[0]?.observation).toContain("kind rlm True");
  expect(turns[0]?.observation).toContain("reached its limit (iterations)");
});

it("cancelling the parent cancels its children and ends their model requests", async () => {
  script({ "SLOW-CHILD": ["llm_query('slow')"], "PARENT-THREE": ["rlm_query_batched(['SLOW-CHILD a', 'SLOW-CHILD b'])"] }, { reply: "late", delayMs: 60_000 });
  const id = await cluster.start({ signature: "-> answer: str", instructions: "PARENT-THREE", limits: { maxDepth: 1 } });
  await vi.waitUntil(() => cluster.model.stats().inFlight === 2, { timeout: 60_000, interval: 20 });
  const { openChildren } = await viewRun(cluster.client, id);
  expect(openChildren).toHaveLength(2);
  await cancelRun(cluster.client, id);
  expect(await cluster.result(id)).toMatchObject({ status: "cancelled" });
  await vi.waitUntil(() => cluster.model.stats().inFlight === 0, { timeout: 20_000, interval: 20 });
  for (const child of openChildren) await vi.waitUntil(async () => (await readManifest(cluster.store, child))?.status === "cancelled", { timeout: 20_000 });
});

it("a child that an operator terminates in Temporal is an LlmError to its parent, which goes on; its whole share counts as used", async () => {
  script({ "DOOMED-CHILD": ["llm_query('slow')"], "PARENT-FOUR": ["try:\n    rlm_query('DOOMED-CHILD')\nexcept LlmError as e:\n    print(e.kind, e.message, budget()['llm_calls_used'])", "SUBMIT(answer='went on')"] }, { reply: "late", delayMs: 60_000 });
  const id = await cluster.start({ signature: "-> answer: str", instructions: "PARENT-FOUR", limits: { maxDepth: 1, maxLlmCalls: 10 } });
  await vi.waitUntil(() => cluster.model.stats().inFlight === 1, { timeout: 60_000, interval: 20 });
  const [child] = (await viewRun(cluster.client, id)).openChildren;
  await (await cluster.client.temporal()).workflow.getHandle(child!).terminate("an operator's hand");
  expect(await cluster.result(id)).toMatchObject({ status: "answered", outputs: { answer: "went on" } });
  const { turns } = await readTrajectory(cluster.client, id);
  expect(turns[0]?.observation).toMatch(/^rlm the child run was lost: Terminated \d+$/m);
});

it("a reply that does not fit its schema is repaired, and counts as one call; one that never fits is an LlmError", async () => {
  script(
    { "SCHEMA-TASK": ["a = llm_query('numbers', schema=list[int])\ntry:\n    llm_query('hopeless', schema='int')\nexcept LlmError as e:\n    b = e.kind\nSUBMIT(answer=str([sum(a), b]))"] },
    { reply: ({ messages, last }) => (messages[1]?.text.startsWith("hopeless") === true ? "no idea" : last.includes("cannot be used") ? "```json\n[1, 900719925474099312345]\n```" : 'Sure! ["one"]') },
  );
  const result = await cluster.run({ signature: "-> answer: str", instructions: "SCHEMA-TASK" });
  expect(result.outputs).toEqual({ answer: "[900719925474099312346, 'schema']" });
  expect(result.llmCalls).toBe(1);
  // Two tries for the first, three for the second; each is sent once, under a key of its own.
  const sent = cluster.model.ledger().filter(({ rule }) => rule === "sub");
  expect(sent).toHaveLength(5);
  expect(new Set(sent.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(5);
});
