import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { readTrajectory } from "../../src/client/read-trajectory.js";
import { childPids } from "../helpers/child-pids.js";
import { TestCluster } from "../helpers/cluster.js";
import { factsOf } from "../helpers/facts-of.js";
import { NonceReplies, PYTHON_DIGEST } from "../helpers/nonce-replies.js";
import type { TestWorker } from "../helpers/test-worker.js";

vi.setConfig({ testTimeout: 180_000 });

const QUESTION = { signature: "q -> answer: str", inputs: { q: "?" }, timing: { heartbeatTimeoutMs: 3000, sessionScheduleToStartMs: 3000 } };
/** 34 s without the server's pings, which close the connection of a process that does not answer; 10 of these here on a machine with 18 waiting processes. */
const RECOVERED_WITHIN_MS = 30_000;

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await TestCluster.start();
  await Promise.all([cluster.startWorker(), cluster.startWorker()]);
});
afterAll(() => cluster[Symbol.asyncDispose]());

const requests = (rule: string) => cluster.model.ledger().filter((row) => row.rule === rule);

function freezeSessionHolder(): TestWorker {
  const frozen = [...cluster.workers].find(({ pid }) => childPids(pid).length > 0);
  if (frozen === undefined) throw new Error("No worker has the session.");
  frozen.signal("SIGSTOP");
  return frozen;
}

/** Ends of REPL steps, by the server's clock. */
async function cellsDone(id: string): Promise<number[]> {
  const facts = await factsOf(cluster.client, id);
  const cells = new Set(facts.flatMap((fact) => (fact.type === "activity-scheduled" && fact.activity === "executeCell" ? [fact.id] : [])));
  return facts.flatMap((fact) => (fact.type === "activity-completed" && cells.has(fact.id) ? [fact.atMs] : []));
}

/** It finds by itself that runs have gone on elsewhere: nobody comes back to its sessions. */
const dropsItsSessions = ({ pid }: TestWorker) => vi.waitUntil(() => childPids(pid).length === 0, { timeout: 60_000, interval: 50 });

it("goes on elsewhere when a worker is frozen in mid-cell, and what it does after it has woken counts no more", async () => {
  const replies = new NonceReplies();
  // The cell works for 3 s in Python, so that it is frozen in there; the token shows which of the two executions counted.
  const slow = "import os, time\nt = time.monotonic()\nwhile time.monotonic() - t < 3: pass\ntoken = os.urandom(6).hex()\nprint(token)";
  cluster.script([`${PYTHON_DIGEST}\na = llm_query('one')`, slow, "SUBMIT(answer=digest([a, llm_query('two')], token))"], { reply: replies.reply });
  const id = await cluster.start(QUESTION);
  await vi.waitUntil(() => requests("root").filter(({ answered }) => answered).length === 2, { timeout: 60_000, interval: 2 });
  const frozen = freezeSessionHolder();
  const frozenAtMs = Date.now();
  await vi.waitUntil(async () => (await cellsDone(id)).some((atMs) => atMs > frozenAtMs), { timeout: 120_000, interval: 50 });
  const [recoveredAtMs = Number.NaN] = (await cellsDone(id)).filter((atMs) => atMs > frozenAtMs);
  expect(recoveredAtMs - frozenAtMs).toBeLessThan(RECOVERED_WITHIN_MS);
  frozen.signal("SIGCONT");
  const result = await cluster.result(id);
  const { turns } = await readTrajectory(cluster.client, id);
  expect(result).toMatchObject({ status: "answered", turns: 3, llmCalls: 2, outputs: { answer: replies.digest(["one", "two"], (turns[1]?.observation ?? "").trim()) } });
  expect(requests("sub")).toHaveLength(2);
  await dropsItsSessions(frozen);
});

it("goes on elsewhere when a worker is frozen while its session rests between turns, and the woken one drops it", async () => {
  const replies = new NonceReplies();
  cluster.script([`${PYTHON_DIGEST}\na = llm_query('one')`, "SUBMIT(answer=digest([a, llm_query('two')], 'rested'))"], { reply: replies.reply }, { delayMs: 1500 });
  const id = await cluster.start(QUESTION);
  await vi.waitUntil(() => requests("root").length === 2, { timeout: 60_000, interval: 2 });
  const frozen = freezeSessionHolder();
  const frozenAtMs = Date.now();
  expect(await cluster.result(id)).toMatchObject({ status: "answered", turns: 2, llmCalls: 2, outputs: { answer: replies.digest(["one", "two"], "rested") } });
  expect(Date.now() - frozenAtMs).toBeLessThan(RECOVERED_WITHIN_MS);
  expect(childPids(frozen.pid)).not.toEqual([]);
  frozen.signal("SIGCONT");
  await dropsItsSessions(frozen);
  expect(requests("sub")).toHaveLength(2);
});
