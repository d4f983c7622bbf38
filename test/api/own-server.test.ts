import { pathToFileURL } from "node:url";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { close, connect, rlm, RunIdTakenError, type RlmClient } from "../../src/api/index.js";
import { TestCluster } from "../helpers/cluster.js";

let cluster: TestCluster;
let client: RlmClient;
beforeAll(async () => {
  cluster = await TestCluster.start();
  await cluster.startWorker();
  client = await connect({ address: cluster.temporal.address, namespace: cluster.temporal.namespace, home: cluster.home, store: pathToFileURL(path.join(cluster.home, "store")).href });
}, 180_000);
afterAll(async () => {
  await client.close();
  await close();
  await cluster[Symbol.asyncDispose]();
});

const models = { model: "scripted-root", subModel: "scripted-sub" };

it("runs on a server of one's own: paused, steered, given more, resumed, forked", async () => {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  cluster.script(["x = llm_query('wait')", "SUBMIT(answer=x, n=len(q))"], { reply: () => held.then(() => "ok") });
  const task = rlm("q -> answer, n: int", { client, ...models, maxLlmCalls: 3 });
  const handle = await task.start({ q: "abc" }, { id: "controlled" });
  for await (const event of handle.watch()) if (event.type === "cell-suspended") break;
  expect(await handle.pause({ why: "to look at it" })).toEqual({ changed: true });
  release();
  await expect.poll(async () => (await handle.status()).status, { timeout: 20_000 }).toBe("paused");
  await handle.steer("Be quick.");
  await handle.budget({ maxLlmCalls: 7 });
  await handle.resume();
  const result = await handle.result();
  expect(result).toMatchObject({ status: "answered", outputs: { answer: "ok", n: 3 }, maxLlmCalls: 7, turns: 2 });
  expect(result.trajectory.map(({ turn }) => turn)).toEqual([1, 2]);
  expect(await handle.cancel()).toBe(false);

  cluster.script(["# the turn that both share", "SUBMIT(answer='fork of ' + x, n=1)"]);
  const fork = await handle.fork({ turn: 1, id: "forked" });
  expect((await fork.result()).outputs).toEqual({ answer: "fork of ok", n: 1 });
  expect((await task.attach("controlled")).workflowId).toBe("controlled");
});

it("finds the run of an id again, and refuses the id to another task", async () => {
  cluster.script(["SUBMIT(answer='first')"]);
  const task = rlm("q -> answer", { client, ...models });
  expect((await task.run({ q: "a" }, { id: "same" })).outputs).toEqual({ answer: "first" });
  expect((await task.run({ q: "a" }, { id: "same" })).outputs).toEqual({ answer: "first" });
  await expect(task.run({ q: "b" }, { id: "same" })).rejects.toThrow(RunIdTakenError);
  await expect(task.with({ maxIterations: 0 }).run({ q: "a" })).rejects.toThrow("maxIterations is 0");
  const aborted = AbortSignal.abort(new Error("not today"));
  await expect(task.run({ q: "a" }, { signal: aborted })).rejects.toThrow("not today");
});

it("tells why a run failed, and keeps its trajectory", async () => {
  cluster.model.reset();
  cluster.model.setRules([{ name: "root", reply: "I would rather talk about it." }]);
  const task = rlm("q -> answer", { client, ...models, maxIterations: 1 });
  await expect(task.run({ q: "a" }, { id: "failing" })).rejects.toMatchObject({ name: "RunFailedError", workflowId: "failing", result: { status: "failed" } });
  expect(await client.attach("failing").trajectory()).toHaveLength(1);
});
