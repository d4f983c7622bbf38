import { existsSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { viewRun } from "../../src/client/follow-run.js";
import { readResult } from "../../src/client/read-result.js";
import { readTrajectory } from "../../src/client/read-trajectory.js";
import { retryRun } from "../../src/client/retry-run.js";
import { readTurnChain } from "../../src/journal/records.js";
import { TestCluster } from "../helpers/cluster.js";
import { NonceReplies, PYTHON_DIGEST } from "../helpers/nonce-replies.js";
import type { TestWorker } from "../helpers/test-worker.js";

vi.setConfig({ testTimeout: 180_000 });

let cluster: TestCluster;
let worker: TestWorker;
let replies: NonceReplies;
beforeAll(async () => {
  cluster = await TestCluster.start();
});
afterAll(() => cluster[Symbol.asyncDispose]());
beforeEach(async () => {
  replies = new NonceReplies();
  worker = await cluster.startWorker();
});

/** What the first cell takes for a moment; a worker may have less. */
const NEEDS_BYTES = 100_000_000;

/** Entropy and clock before, between and after the calls: a cell that is run again must read the same everywhere. */
const FIRST = `${PYTHON_DIGEST}
import os, time, random
seen = [os.urandom(4).hex(), random.random()]
a = llm_query('one')
seen += [time.time(), os.urandom(4).hex()]
b = llm_query_batched(['two', 'three'])
seen += [time.time(), os.urandom(4).hex(), time.monotonic(), len(q)]
def count():
    n = 0
    while True: n += 1; yield n
G = count(); next(G)
print(seen)
try: print(len(bytearray(${NEEDS_BYTES})))
except MemoryError: print('no room')`;
const SECOND = "c = llm_query('four'); seen += [next(G), os.urandom(2).hex()]\nprint(seen)";
const LAST = "SUBMIT(answer=digest([a, *b, c], seen))";

const file = (digest: string): string => path.join(cluster.home, "store/blobs", digest.slice(0, 2), digest);
const calls = (rule: string) => cluster.model.ledger().filter((row) => row.rule === rule);

/** A run whose worker dies during the third root call; `damage` gets its snapshots, newest first, before the next worker comes. */
async function runDamaged(damage: (snapshots: readonly string[]) => void, nextWorker: Record<string, string> = {}): Promise<string> {
  cluster.script([FIRST, SECOND, LAST], { reply: replies.reply }, { delayMs: 400 });
  const id = await cluster.start({ signature: "q -> answer: str", inputs: { q: "x".repeat(1000) } });
  await vi.waitUntil(() => calls("root").length === 3, { timeout: 60_000, interval: 2 });
  await worker.kill();
  const { snapshotRef, trajectoryRef } = await viewRun(cluster.client, id);
  const turns = await readTurnChain(cluster.store, trajectoryRef);
  const before = turns.map(({ record }) => record.beforeRef?.digest ?? "");
  damage([snapshotRef?.digest ?? "", ...before.toReversed()]);
  worker = await cluster.startWorker(nextWorker);
  return id;
}

async function expectSameAnswer(id: string): Promise<void> {
  const result = await cluster.result(id);
  const { turns } = await readTrajectory(cluster.client, id);
  const seen = (turns[1]?.observation ?? "").trim();
  expect(seen).toMatch(/^\['[0-9a-f]{8}', 0\.\d+, .*, 1000, 2, '[0-9a-f]{4}'\]$/);
  expect(result).toMatchObject({ status: "answered", turns: 3, llmCalls: 4, outputs: { answer: replies.digest(["one", "two", "three", "four"], seen) } });
  expect(calls("sub")).toHaveLength(4);
}

const flipBit = (name: string): void => {
  const bytes = readFileSync(name);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 4;
  writeFileSync(name, bytes);
};

it("rebuilds a snapshot that was deleted from the one before it, and asks no model again", async () => {
  const id = await runDamaged(([newest = ""]) => rmSync(file(newest)));
  await expectSameAnswer(id);
  expect(worker.log()).toContain('"snapshot-rebuilt"');
  await worker.stop();
});

it("rebuilds a snapshot in which a bit has flipped", async () => {
  const id = await runDamaged(([newest = ""]) => flipBit(file(newest)));
  await expectSameAnswer(id);
  expect(worker.log()).toContain('"snapshot-rebuilt"');
  await worker.stop();
});

it("rebuilds the state from the inputs when every snapshot of the run is cut short, and says which turn showed something else", async () => {
  const id = await runDamaged((all) => all.forEach((digest) => truncateSync(file(digest), 5000)), { RLM_MEMORY_LIMIT_BYTES: String(NEEDS_BYTES) });
  await expectSameAnswer(id);
  expect(worker.log()).toMatch(/"differs":\[1\].*"snapshot-rebuilt-differently"/);
  await worker.stop();
});

it("waits as blocked, with the cure, when what it would be rebuilt from is lost too, and goes on when that is back", async () => {
  const lost: string[] = [];
  const id = await runDamaged((all) => {
    lost.push(...all.map(file), path.join(cluster.home, "store/named/replies"));
    for (const name of lost) renameSync(name, `${name}.away`);
  });
  await vi.waitUntil(async () => (await readResult(cluster.client, id)).status === "blocked", { timeout: 60_000, interval: 50 });
  expect((await readResult(cluster.client, id)).reason).toBe("store");
  const history = JSON.stringify(await (await cluster.client.temporal()).workflow.getHandle(id).fetchHistory());
  expect(history).toMatch(/is lost and could not be rebuilt.*Restore the store from a backup, then rlm retry/);
  for (const name of lost) {
    if (existsSync(name)) rmSync(name, { recursive: true });
    renameSync(`${name}.away`, name);
  }
  await retryRun(cluster.client, id, { by: "test", why: null });
  await expectSameAnswer(id);
  await worker.stop();
});
