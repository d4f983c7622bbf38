import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { childPids } from "../helpers/child-pids.js";
import { clusterForFile } from "../helpers/cluster-for-file.js";

const cluster = await clusterForFile();

const SESSIONS = 2;
/** State that a re-run of the code would not give back. */
const CELLS = [
  "def ticks():\n    n = len(logs)\n    while True:\n        n += 1\n        yield n\nT = ticks(); seen = [next(T)]",
  "seen.append(llm_query(f'ask {next(T)}'))",
  "seen.append(next(T))\nSUBMIT(answer=repr(seen))",
];

it("finishes every one of many runs with the right answer when there is room for few sessions, and keeps to that room", async () => {
  const worker = await cluster.startWorker({ RLM_MAX_SESSIONS: String(SESSIONS), RLM_MAX_PARKED_BYTES: "1000000", RLM_SESSION_IDLE_MS: "30000" });
  cluster.script(CELLS, { reply: "yes", delayMs: 300 }, { delayMs: 200 });
  const runs = Array.from({ length: 4 }, (_, i) => "x".repeat(100 + i));
  let most = 0;
  const done = Promise.all(runs.map((logs) => cluster.run({ signature: "logs -> answer: str", inputs: { logs } })));
  const over = new AbortController();
  void done.finally(() => over.abort()).catch(() => undefined);
  while (!over.signal.aborted) {
    most = Math.max(most, childPids(worker.pid).filter(isSandbox).length);
    await sleep(50);
  }
  const results = await done;
  expect(results.map(({ outputs }) => outputs)).toEqual(runs.map(({ length }) => ({ answer: `[${length + 1}, 'yes', ${length + 3}]` })));
  expect(results.reduce((sum, { llmCalls }) => sum + llmCalls, 0)).toBe(runs.length);
  expect(cluster.model.ledger().filter(({ rule, answered }) => rule === "sub" && answered)).toHaveLength(runs.length);
  // Beside those that are just being killed to make room.
  expect(most).toBeLessThanOrEqual(2 * SESSIONS);
  await worker.stop();
}, 180_000);

function isSandbox(pid: number): boolean {
  try {
    return /deno|bwrap/.test(readFileSync(`/proc/${pid}/cmdline`, "utf8"));
  } catch {
    return false;
  }
}
