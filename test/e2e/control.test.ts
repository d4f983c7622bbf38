import { expect, it, vi } from "vitest";
import { cancelRun } from "../../src/client/cancel-run.js";
import { changeBudget, pauseRun, resumeRun, steerRun } from "../../src/client/control-run.js";
import { diffRuns } from "../../src/client/diff-runs.js";
import { followRun } from "../../src/client/follow-run.js";
import { forkRun } from "../../src/client/fork-run.js";
import { listRuns } from "../../src/client/list-runs.js";
import { readResult } from "../../src/client/read-result.js";
import { readTrajectory } from "../../src/client/read-trajectory.js";
import type { RunProgress } from "../../src/core/run-progress.js";
import { clusterForFile } from "../helpers/cluster-for-file.js";

const cluster = await clusterForFile();
await cluster.startWorker();

const QUESTION = { signature: "q -> answer", inputs: { q: "?" } };
const ANN = { by: "ann@ops", why: "quota is low" };
const until = (condition: () => boolean | Promise<boolean>): Promise<boolean> => vi.waitUntil(condition, { timeout: 30_000, interval: 20 });
const status = async (id: string): Promise<string> => (await readResult(cluster.client, id)).status;
const rows = (rule: string) => cluster.model.ledger().filter((row) => row.rule === rule);

async function progressOf(id: string): Promise<readonly RunProgress[]> {
  const all: RunProgress[] = [];
  for await (const { progress } of followRun(cluster.client, id, { follow: false })) all.push(...progress);
  return all;
}

it("pauses a run between steps, keeps what was under way, and sends nothing until it is resumed", async () => {
  cluster.script(["x = llm_query('one')", "SUBMIT(answer=x + llm_query('two'))"], { reply: "ok", delayMs: 800 });
  const id = await cluster.start(QUESTION);
  await until(() => rows("sub").length === 1);
  expect(await pauseRun(cluster.client, id, ANN)).toEqual({ changed: true });
  expect(await pauseRun(cluster.client, id, ANN)).toEqual({ changed: false });
  await until(async () => (await listRuns(cluster.client, { limit: 10, askServer: true })).some((run) => run.workflowId === id && run.status === "paused"));
  expect(await readResult(cluster.client, id)).toMatchObject({ status: "paused", reason: "quota is low", llmCalls: 1 });
  const sent = cluster.model.ledger().length;
  await new Promise((resolve) => setTimeout(resolve, 1000));
  expect(cluster.model.ledger().length).toBe(sent);
  expect(await resumeRun(cluster.client, id, { by: "bob@ops", why: null })).toEqual({ changed: true });
  expect(await cluster.result(id)).toMatchObject({ status: "answered", outputs: { answer: "okok" }, llmCalls: 2 });
  const told = (await progressOf(id)).filter(({ type }) => type === "paused" || type === "resumed");
  expect(told).toMatchObject([{ type: "paused", ...ANN }, { type: "resumed", by: "bob@ops" }]);
});

it("stops a big batch between its slices while it is paused, and a paused run can be cancelled", async () => {
  cluster.script(["r = llm_query_batched([f'{i}' for i in range(120)])"], { reply: "ok", delayMs: 300 });
  const id = await cluster.start({ ...QUESTION, limits: { maxLlmCalls: 200, maxConcurrency: 4 } });
  await until(() => rows("sub").length > 4);
  await pauseRun(cluster.client, id, ANN);
  // The slices that are under way are finished.
  await until(async () => {
    const sent = rows("sub").length;
    await new Promise((resolve) => setTimeout(resolve, 1500));
    return rows("sub").length === sent;
  });
  expect(rows("sub").length).toBeLessThan(120);
  expect(await cancelRun(cluster.client, id)).toBe(true);
  expect((await cluster.result(id)).status).toBe("cancelled");
});

it("shows the root model what an operator says, once, in its next turn, and in every later prompt at the same place", async () => {
  const seen: string[][] = [];
  const cells = ["x = llm_query('wait')", "y = 2", "SUBMIT(answer='done')"];
  cluster.script([], { reply: "ok", delayMs: 600 });
  cluster.model.setRules([
    { name: "root", when: { model: "scripted-root" }, reply: ({ messages, turn }) => (seen.push(messages.map(({ role, text }) => `${role}: ${text}`)), `\`\`\`python\n${cells[turn - 1] ?? ""}\n\`\`\``) },
    { name: "sub", reply: "ok", delayMs: 600 },
  ]);
  const id = await cluster.start(QUESTION);
  await until(() => rows("sub").length === 1);
  await steerRun(cluster.client, id, "Leave the staging servers out.", ANN);
  await cluster.result(id);
  expect(seen.map((messages) => messages.findIndex((text) => text.includes("Leave the staging servers out.")))).toEqual([-1, 3, 3]);
  expect(seen[2]?.slice(0, 4)).toEqual(seen[1]);
  expect(seen[1]?.slice(0, 2)).toEqual(seen[0]);
});

it("waits at a limit when it was told to, and goes on when the limit is raised", async () => {
  cluster.script(["x = 1", "y = 2", "SUBMIT(answer=str(x + y))"]);
  const id = await cluster.start({ ...QUESTION, limits: { maxIterations: 2, onLimit: "wait" } });
  await until(async () => (await status(id)) === "blocked");
  expect(await readResult(cluster.client, id)).toMatchObject({ reason: "limit", turns: 2 });
  await expect(changeBudget(cluster.client, id, { maxIterations: 1 }, ANN)).rejects.toThrow("maxIterations is 1; turn 2 is under way already.");
  await changeBudget(cluster.client, id, { maxIterations: 4, maxLlmCalls: 7 }, ANN);
  expect(await cluster.result(id)).toMatchObject({ status: "answered", outputs: { answer: "3" }, turns: 3, maxLlmCalls: 7 });
});

it("refuses what makes no sense, and tells why", async () => {
  cluster.script(["x = llm_query('wait')", "SUBMIT(answer='done')"], { reply: "ok", delayMs: 1500 });
  const id = await cluster.start(QUESTION);
  await until(() => rows("sub").length === 1);
  await expect(steerRun(cluster.client, id, "x".repeat(1_000_000), ANN)).rejects.toThrow("The message has 1000000 bytes; at most 32768 are taken.");
  await expect(steerRun(cluster.client, id, " ", ANN)).rejects.toThrow("The message is empty.");
  await expect(changeBudget(cluster.client, id, { maxLlmCalls: 0 }, ANN)).rejects.toThrow("maxLlmCalls is 0; 1 calls are used or under way already.");
  await expect(changeBudget(cluster.client, id, { budgetUsd: 3 }, ANN)).rejects.toThrow("needs the price of scripted-root, scripted-sub");
  await expect(changeBudget(cluster.client, id, { cellTimeoutMs: 5 } as object, ANN)).rejects.toThrow("cellTimeoutMs cannot change while a run is open");
  await expect(pauseRun(cluster.client, id, { by: "", why: null })).rejects.toThrow("does not say who asks");
  await cluster.result(id);
  await expect(pauseRun(cluster.client, id, ANN)).rejects.toThrow(`The run "${id}" is closed.`);
  await expect(pauseRun(cluster.client, "nobody", ANN)).rejects.toThrow('There is no run with the id "nobody".');
});

it("forks a closed run from a turn: state, conversation and what was spent are as after that turn", async () => {
  cluster.script(["import random\nkept = [random.random()]\ncalls = llm_query('paid')", "raise ValueError('wrong way')", "SUBMIT(answer=f'{kept[0]} {calls}')"]);
  const first = await cluster.run(QUESTION);
  cluster.script(["", "SUBMIT(answer=f'{kept[0]} {calls}!')"], { reply: "ok" }, { when: { model: "other-root" } });
  const queues = cluster.queues();
  await expect(forkRun(cluster.client, first.workflowId, { turn: 4, queues })).rejects.toThrow("it has the turns 0 (its inputs) to 3.");
  await expect(forkRun(cluster.client, first.workflowId, { turn: 2, queues, limits: { maxIterations: 2 } })).rejects.toThrow("no turn is left");
  const { workflowId } = await forkRun(cluster.client, first.workflowId, { turn: 1, queues, models: { root: "other-root" }, instructions: "Be quick." });
  const forked = await cluster.result(workflowId);
  expect(forked).toMatchObject({ status: "answered", turns: 2, llmCalls: 1, outputs: { answer: `${String(first.outputs?.["answer"])}!` } });
  expect(rows("sub")).toEqual([]);
  const { turns } = await readTrajectory(cluster.client, workflowId);
  expect(turns.map(({ calls }) => calls.map(({ reply }) => reply))).toEqual([["ok"], []]);
  const diff = await diffRuns(cluster.client, first.workflowId, workflowId);
  expect(diff).toMatchObject({ sharedTurns: 1, spec: [{ field: "instructions", a: null, b: "Be quick." }, { field: "model", a: "scripted-root", b: "other-root" }] });
  expect(diff.turns.map(({ turn, b }) => [turn, b === null])).toEqual([[2, false], [3, true]]);
});

it("forks from the inputs only with turn 0, and a run that is still under way", async () => {
  cluster.script(["x = 1", "y = llm_query('hang')"], { reply: "ok", delayMs: 20_000 });
  const open = await cluster.start(QUESTION);
  await until(async () => (await readResult(cluster.client, open)).turns === 2);
  cluster.script(["SUBMIT(answer=q)"]);
  const queues = cluster.queues();
  const fromInputs = await forkRun(cluster.client, open, { turn: 0, queues });
  expect(await cluster.result(fromInputs.workflowId)).toMatchObject({ turns: 1, llmCalls: 0, outputs: { answer: "?" } });
  cluster.script(["", "SUBMIT(answer=str(x))"]);
  const fromTurn = await forkRun(cluster.client, open, { turn: 1, queues });
  expect(await cluster.result(fromTurn.workflowId)).toMatchObject({ turns: 2, outputs: { answer: "1" } });
  await cancelRun(cluster.client, open);
});
