import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { readRunHistory } from "../../src/client/read-run-history.js";
import { describeRun } from "../../src/client/describe-run.js";
import { readTrajectory } from "../../src/client/read-trajectory.js";
import { collect } from "../helpers/collect.js";
import { childPids } from "../helpers/child-pids.js";
import { TestCluster } from "../helpers/cluster.js";
import { NonceReplies, PYTHON_DIGEST } from "../helpers/nonce-replies.js";

vi.setConfig({ testTimeout: 180_000 });

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await TestCluster.start();
});
afterAll(() => cluster[Symbol.asyncDispose]());
afterEach(() => cluster.killWorkers());

/** Ends of REPL steps, by the server's clock. */
async function cellsDone(id: string): Promise<number[]> {
  const { firstRunId } = await describeRun(cluster.client, id);
  const facts = (await collect(readRunHistory(cluster.client, { workflowId: id, runId: firstRunId, follow: false }))).flat();
  const cells = new Set(facts.flatMap((fact) => (fact.type === "activity-scheduled" && fact.activity === "executeCell" ? [fact.id] : [])));
  return facts.flatMap((fact) => (fact.type === "activity-completed" && cells.has(fact.id) ? [fact.atMs] : []));
}

it("goes on elsewhere when a worker is frozen in mid-cell, and what it does after it has woken counts no more", async () => {
  const replies = new NonceReplies();
  const workers = await Promise.all([cluster.startWorker(), cluster.startWorker()]);
  // The cell works for 3 s in Python, so that it is frozen in there; the token shows which of the two executions counted.
  const slow = "import os, time\nt = time.monotonic()\nwhile time.monotonic() - t < 3: pass\ntoken = os.urandom(6).hex()\nprint(token)";
  cluster.script([`${PYTHON_DIGEST}\na = llm_query('one')`, slow, "SUBMIT(answer=digest([a, llm_query('two')], token))"], { reply: replies.reply });
  const id = await cluster.start({ signature: "q -> answer: str", inputs: { q: "?" }, timing: { heartbeatTimeoutMs: 3000, sessionScheduleToStartMs: 3000 } });
  await vi.waitUntil(() => cluster.model.ledger().filter(({ rule, answered }) => rule === "root" && answered).length === 2, { timeout: 60_000, interval: 2 });
  const frozen = workers.find(({ pid }) => childPids(pid).length > 0);
  if (frozen === undefined) throw new Error("No worker has the session.");
  frozen.signal("SIGSTOP");
  const frozenAtMs = Date.now();
  await vi.waitUntil(async () => (await cellsDone(id)).some((atMs) => atMs > frozenAtMs), { timeout: 120_000, interval: 50 });
  const [recoveredAtMs = Number.NaN] = (await cellsDone(id)).filter((atMs) => atMs > frozenAtMs);
  // 34 s without the server's pings, which close the connection of a process that does not answer; 10 of these here on a machine with 18 waiting processes.
  expect(recoveredAtMs - frozenAtMs).toBeLessThan(30_000);
  frozen.signal("SIGCONT");
  const result = await cluster.result(id);
  const { turns } = await readTrajectory(cluster.client, id);
  expect(result).toMatchObject({ status: "answered", turns: 3, llmCalls: 2, outputs: { answer: replies.digest(["one", "two"], (turns[1]?.observation ?? "").trim()) } });
  expect(cluster.model.ledger().filter(({ rule }) => rule === "sub")).toHaveLength(2);
});
