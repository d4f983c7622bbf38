import { beforeEach, expect, it, vi } from "vitest";
import { forkRun } from "../../src/client/fork-run.js";
import { readTrajectory } from "../../src/client/read-trajectory.js";
import type { HistoryFact } from "../../src/core/history-fact.js";
import { addUsage, NO_USAGE } from "../../src/core/usage.js";
import type { ExecuteArgs } from "../../src/core/wire.js";
import type { LedgerRow } from "../../src/testing/index.js";
import { childPids } from "../helpers/child-pids.js";
import { clusterForFile } from "../helpers/cluster-for-file.js";
import { factsOf } from "../helpers/facts-of.js";
import type { TestWorker } from "../helpers/test-worker.js";

vi.setConfig({ testTimeout: 180_000 });

const cluster = await clusterForFile();
let worker: TestWorker;
beforeEach(async () => {
  worker = await cluster.startWorker();
});

/** Megabytes that cannot be compressed: to store them takes longer than the next model call needs to begin. */
const BIG = "import random, zlib, os\nbig = random.Random(7).randbytes(120_000_000)\nkept = [llm_query('first'), zlib.crc32(big)]";
const ANSWER = "SUBMIT(answer=f'{kept[0]} {zlib.crc32(big) == kept[1]} {len(big)}')";
const EXPECTED = { answer: "ok True 120000000" };
const QUESTION = { signature: "q -> answer: str", inputs: { q: "?" } };

const rows = (rule: string): readonly LedgerRow[] => cluster.model.ledger().filter((row) => row.rule === rule);
const planUnderWay = () => vi.waitUntil(() => rows("root").length === 2, { timeout: 60_000, interval: 2 });

/** The run's activities in the order of their beginnings and ends; the end of one that failed tells how. */
async function storyOf(workflowId: string): Promise<string[]> {
  const facts = await factsOf(cluster.client, workflowId);
  const names = new Map(facts.flatMap((fact) => (fact.type === "activity-scheduled" ? [[fact.id, nameOf(fact)] as const] : [])));
  return facts.flatMap((fact) => {
    if (fact.type === "activity-scheduled") return [`${nameOf(fact)} begins`];
    if (fact.type === "activity-completed") return [`${names.get(fact.id)} ends`];
    return fact.type === "activity-failed" ? [`${names.get(fact.id)} fails`] : [];
  });
}

function nameOf({ activity, args }: Extract<HistoryFact, { type: "activity-scheduled" }>): string {
  return `${activity} ${(args as Partial<ExecuteArgs>).turn ?? ""}`.trim();
}

const isBefore = (story: readonly string[], first: string, second: string): boolean => story.indexOf(first) !== -1 && story.indexOf(first) < story.indexOf(second);

it("plans the next turn while a large snapshot is being written, and runs its cell only when that is durable", async () => {
  cluster.script([BIG, "pass", ANSWER], { reply: "ok" }, { delayMs: 50 });
  const result = await cluster.run(QUESTION);
  expect(result).toMatchObject({ status: "answered", turns: 3, llmCalls: 1, outputs: EXPECTED });
  const story = await storyOf(result.workflowId);
  expect(isBefore(story, "planTurn 2 begins", "commitSnapshot 1 ends")).toBe(true);
  expect(isBefore(story, "commitSnapshot 1 ends", "executeCell 2 begins")).toBe(true);
  // Small ones are durable before it would be worth an activity.
  expect(story.filter((each) => each.startsWith("commitSnapshot"))).toEqual(["commitSnapshot 1 begins", "commitSnapshot 1 ends"]);
  cluster.script(["", ANSWER]);
  const { workflowId } = await forkRun(cluster.client, result.workflowId, { turn: 1, queues: cluster.queues() });
  expect(await cluster.result(workflowId)).toMatchObject({ outputs: EXPECTED, turns: 2 });
  await worker.stop();
});

it("runs a turn again whose worker dies before its snapshot is durable, and repeats no call that was answered", async () => {
  cluster.script([BIG, ANSWER], { reply: "ok" }, { delayMs: 1500 });
  const id = await cluster.start(QUESTION);
  await planUnderWay();
  await worker.kill();
  worker = await cluster.startWorker();
  const result = await cluster.result(id);
  expect(result).toMatchObject({ status: "answered", turns: 2, llmCalls: 1, outputs: EXPECTED });
  const story = await storyOf(id);
  expect(story).toContain("commitSnapshot 1 fails");
  expect(story.filter((each) => each === "executeCell 1 begins")).toHaveLength(2);
  expect(rows("sub")).toHaveLength(1);
  // The second was cut off by the kill.
  expect(rows("root").map(({ answered }) => answered)).toEqual([true, false, true]);
  await worker.stop();
});

it("finds the plan again that was made while the turn before it was lost, and pays for it once", async () => {
  cluster.script([BIG, ANSWER], { reply: "ok" }, { delayMs: 50 });
  const id = await cluster.start(QUESTION);
  await planUnderWay();
  for (const pid of childPids(worker.pid)) process.kill(pid, "SIGKILL");
  const result = await cluster.result(id);
  const story = await storyOf(id);
  expect(isBefore(story, "commitSnapshot 1 fails", "executeCell 2 begins")).toBe(true);
  expect(story.filter((each) => each === "planTurn 2 ends")).toHaveLength(2);
  expect(rows("root")).toHaveLength(2);
  expect(rows("sub")).toHaveLength(1);
  const { turns } = await readTrajectory(cluster.client, id);
  const paid = turns.reduce((sum, { usage }) => addUsage(sum, usage), NO_USAGE);
  expect(result).toMatchObject({ status: "answered", outputs: EXPECTED, usage: paid, turns: 2 });
  await worker.stop();
});

it("does not use the plan made from a turn that was lost, when the turn ends otherwise the second time", async () => {
  const cell = (code: string): string => `\`\`\`python\n${code}\n\`\`\``;
  cluster.model.reset();
  cluster.model.setRules([{
    name: "root", when: { model: "scripted-root" }, delayMs: 50,
    reply: ({ turn, last }) => cell(turn === 1 ? `${BIG}\ntoken = os.urandom(4).hex()\nprint('token', token)` : `SUBMIT(answer=f'{token} {"${/token ([0-9a-f]{8})/.exec(last)?.[1]}"}')`),
  }, { name: "sub", when: { model: "scripted-sub" }, reply: "ok" }]);
  const id = await cluster.start(QUESTION);
  await planUnderWay();
  for (const pid of childPids(worker.pid)) process.kill(pid, "SIGKILL");
  const result = await cluster.result(id);
  const [token, seen] = String(result.outputs?.["answer"]).split(" ");
  expect(token).toMatch(/^[0-9a-f]{8}$/);
  expect(seen).toBe(token);
  expect(rows("root")).toHaveLength(3);
  const { turns } = await readTrajectory(cluster.client, id);
  expect(turns.map(({ observation }) => observation?.includes(String(token)))).toEqual([true, false]);
  await worker.stop();
});
