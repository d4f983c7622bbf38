import { readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { beforeEach, expect, it, vi } from "vitest";
import type { LedgerRow } from "../../src/testing/index.js";
import { clusterForFile } from "../helpers/cluster-for-file.js";
import { legsOf, type Leg } from "../helpers/legs-of.js";
import { NonceReplies, PYTHON_DIGEST, expectNoAnsweredCallRepeated } from "../helpers/nonce-replies.js";
import type { TestWorker } from "../helpers/test-worker.js";

const cluster = await clusterForFile();
let worker: TestWorker;

let replies: NonceReplies;
beforeEach(async () => {
  replies = new NonceReplies();
  worker = await cluster.startWorker();
});

const SIGNATURE = "logs -> answer: str";
/** State that only a memory image keeps: a suspended generator, an open file with its offset, a regex iterator half way. */
const KEEP_STATE = `${PYTHON_DIGEST}
import re
def squares():
    total = 0
    while True:
        total += (yield total)
G = squares(); next(G)
F = open('/tmp/notes.txt', 'w+'); F.write('one two three four'); F.seek(4)
M = re.finditer(r'[a-z]+', 'alpha beta gamma'); next(M)
state = [G.send(7), F.read(3), next(M).group()]
print(len(logs))`;
const CHECK_STATE = `tail = [G.send(5), F.read(6), next(M).group(), len(logs), state]`;
const EXPECTED_STATE = "[12, ' three', 'gamma', 100000, [7, 'two', 'beta']]";

/** Removes replies and records of turns from the store, memory images excepted; returns how many. */
function removeTextsWith(code: string): number {
  const blobs = path.join(cluster.home, "store", "blobs");
  const found = readdirSync(blobs, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name)).filter((file) => {
    const bytes = readFileSync(file);
    return bytes.includes(code) && !bytes.includes("RLMSNAP\0");
  });
  for (const file of found) rmSync(file);
  return found.length;
}

const subCalls = (rows: readonly LedgerRow[]): readonly LedgerRow[] => rows.filter(({ rule }) => rule === "sub");
const answered = (rule: string): number => cluster.model.ledger().filter((row) => row.rule === rule && row.answered).length;

async function killWhen(condition: () => boolean): Promise<number> {
  await vi.waitUntil(condition, { timeout: 30_000, interval: 2 });
  await worker.kill();
  const killedAtMs = Date.now();
  worker = await cluster.startWorker();
  return killedAtMs;
}

async function runWithKill(cells: readonly string[], options: { sub?: number; root?: number; kill: () => boolean }) {
  cluster.script(cells, { reply: replies.reply, delayMs: options.sub ?? 0 }, { delayMs: options.root ?? 0 });
  const id = await cluster.start({ signature: SIGNATURE, inputs: { logs: "x".repeat(100_000) }, limits: { maxLlmCalls: 200 } });
  const killedAtMs = await killWhen(options.kill);
  const result = await cluster.result(id);
  expectNoAnsweredCallRepeated(cluster.model.ledger(), [killedAtMs]);
  await worker.stop();
  return result;
}

it("survives a kill during a root call, and keeps what only a memory image can keep", async () => {
  const result = await runWithKill([KEEP_STATE, `${CHECK_STATE}\nSUBMIT(answer=str(tail))`], {
    root: 1500,
    kill: () => cluster.model.ledger().filter(({ rule }) => rule === "root").length === 2,
  });
  expect(result).toMatchObject({ status: "answered", outputs: { answer: EXPECTED_STATE }, turns: 2 });
});

it("survives a kill in mid-cell after 3 of 6 sequential sub-calls", async () => {
  const prompts = Array.from({ length: 6 }, (_, i) => `ask ${i}`);
  const result = await runWithKill([KEEP_STATE, `r = [llm_query(f'ask {i}') for i in range(6)]\n${CHECK_STATE}\nSUBMIT(answer=digest(r, tail))`], {
    sub: 300,
    kill: () => answered("sub") === 3 && subCalls(cluster.model.ledger()).length === 4,
  });
  expect(result.outputs).toEqual({ answer: replies.digest(prompts, EXPECTED_STATE) });
  expect(result.llmCalls).toBe(6);
  expect(answered("sub")).toBeLessThanOrEqual(7);
});

it("survives a kill while a batch of 50 is in flight", async () => {
  const prompts = Array.from({ length: 50 }, (_, i) => `part ${i}`);
  const cells = [KEEP_STATE, `r = llm_query_batched([f'part {i}' for i in range(50)])\n${CHECK_STATE}\nSUBMIT(answer=digest(r, tail))`];
  cluster.model.setRules([]);
  const result = await runWithKill(cells, { sub: 4000, kill: () => cluster.model.stats().inFlight >= 50 });
  expect(result.outputs).toEqual({ answer: replies.digest(prompts, EXPECTED_STATE) });
  expect(result.llmCalls).toBe(50);
});

it("survives a kill between turns", async () => {
  const cells = [KEEP_STATE, "a = llm_query('between')", `${CHECK_STATE}\nSUBMIT(answer=digest([a], tail))`];
  const result = await runWithKill(cells, { root: 300, kill: () => answered("sub") === 1 && cluster.model.ledger().filter(({ rule }) => rule === "root").length === 3 });
  expect(result.outputs).toEqual({ answer: replies.digest(["between"], EXPECTED_STATE) });
  // The root call died with the session, and its next try says so: nobody waits for the dead worker's queue to time out.
  const [{ history }] = await legsOf(cluster, result.workflowId) as [Leg];
  expect((history.events ?? []).filter((event) => event.activityTaskTimedOutEventAttributes)).toEqual([]);
});

it("goes on from memory images alone: without the code of earlier turns", async () => {
  const cells = [KEEP_STATE, "EARLIER = len(logs) * 2", "LAST = 3", `a = llm_query('late')\n${CHECK_STATE}\nSUBMIT(answer=digest([a], (tail, EARLIER, LAST)))`];
  cluster.script(cells, { reply: replies.reply, delayMs: 1500 });
  const id = await cluster.start({ signature: SIGNATURE, inputs: { logs: "x".repeat(100_000) } });
  await vi.waitUntil(() => subCalls(cluster.model.ledger()).length === 1, { timeout: 30_000, interval: 2 });
  await worker.kill();
  // All but the turn before: its text becomes part of what the interpreter knows of the conversation.
  for (const code of ["def squares():", "EARLIER ="]) expect(removeTextsWith(code)).toBeGreaterThan(0);
  worker = await cluster.startWorker();
  expect((await cluster.result(id)).outputs).toEqual({ answer: replies.digest(["late"], `(${EXPECTED_STATE}, 200000, 3)`) });
  await worker.stop();
});

it("survives a kill of the Temporal server and the worker together", async () => {
  cluster.script([KEEP_STATE, `r = [llm_query(f'both {i}') for i in range(4)]\n${CHECK_STATE}\nSUBMIT(answer=digest(r, tail))`], { reply: replies.reply, delayMs: 300 });
  const id = await cluster.start({ signature: SIGNATURE, inputs: { logs: "x".repeat(100_000) } });
  await vi.waitUntil(() => answered("sub") === 2, { timeout: 30_000, interval: 2 });
  const killedAtMs = Date.now();
  await Promise.all([worker.kill(), cluster.temporal.kill()]);
  await cluster.temporal.restart();
  worker = await cluster.startWorker();
  const result = await cluster.result(id);
  expect(result.outputs).toEqual({ answer: replies.digest([0, 1, 2, 3].map((i) => `both ${i}`), EXPECTED_STATE) });
  expectNoAnsweredCallRepeated(cluster.model.ledger(), [killedAtMs]);
  await worker.stop();
});
