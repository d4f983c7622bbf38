import path from "node:path";
import { pathToFileURL } from "node:url";
import { readdir, readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { batch, BatchError, connect, predict, RunOptionsError, type BatchResult, type RlmClient } from "../../src/api/index.js";
import { TestCluster } from "../helpers/cluster.js";

let cluster: TestCluster;
let client: RlmClient;
beforeAll(async () => {
  cluster = await TestCluster.start();
  await cluster.startWorker();
  client = await connect({ address: cluster.temporal.address, namespace: cluster.temporal.namespace, home: cluster.home, store: pathToFileURL(path.join(cluster.home, "store")).href });
});
afterAll(async () => {
  await client.close();
  await cluster[Symbol.asyncDispose]();
});

it("runs a program on rows, gives typed results as they come, goes on with new rows, and stores nothing that is to be redacted", async () => {
  cluster.model.setRules([{ name: "row", when: { last: /question (\d)[^]*use \[REDACTED\]/ }, reply: ({ groups: [n = ""] }) => JSON.stringify({ answer: n, n: Number(n) }) }]);
  const task = predict("q, hint -> answer, n: int", { client, model: "scripted-root", subModel: "scripted-sub" });
  const rows = [{ id: "one", q: "question 1, card 4111111111111111" }, { id: "two", q: "question 2" }];
  const options = { id: "api-batch", shared: { hint: "use 4222222222222222" }, redact: ["\\d{16}"], sinks: [`file:${cluster.home}/{id}.summary.json`], concurrency: 2 };
  const results = async (more: typeof rows): Promise<Record<string, BatchResult<{ answer: string; n: number }>>> => {
    const found: Record<string, BatchResult<{ answer: string; n: number }>> = {};
    for await (const row of (await batch(task, more, options)).results()) found[row.id] = row;
    return found;
  };
  expect(await results(rows)).toMatchObject({ one: { line: 1, status: "answered", outputs: { answer: "1", n: 1 }, refused: [] }, two: { outputs: { answer: "2", n: 2 } } });
  expect(Object.keys(await results([...rows, { id: "three", q: "question 3" }]))).toEqual(expect.arrayContaining(["one", "two", "three"]));
  expect(cluster.model.ledger()).toHaveLength(3);
  const store = path.join(cluster.home, "store");
  // Again where a file is put in its place just then.
  const contents = await vi.waitFor(async () => {
    const stored = (await readdir(store, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
    return Promise.all(stored.map((file) => readFile(file, "latin1")));
  }, { timeout: 30_000 });
  expect(contents.some((content) => content.includes("card [REDACTED]"))).toBe(true);
  expect(contents.filter((content) => /4111111111111111|4222222222222222/.test(content))).toEqual([]);
  const handle = await batch(task, [...rows, { id: "three", q: "question 3" }], options);
  expect(handle.how).toBe("finished");
  expect(await handle.status()).toMatchObject({ status: "finished", rows: 3, counts: { answered: 3 } });
  expect(await handle.cancel()).toBe(false);
  await vi.waitFor(async () => expect(JSON.parse(await readFile(path.join(cluster.home, "api-batch.summary.json"), "utf8"))).toBeTypeOf("object"), { timeout: 30_000 });
  await expect(batch(task, [{ id: "one", q: "another" }], options)).rejects.toThrow(BatchError);
  await expect(batch(task, [{ id: "x" }], { id: "bad" })).rejects.toThrow("line 1: has no \"q\", \"hint\"");
  await expect(batch(task, rows, { ...options, concurrency: 0 })).rejects.toThrow(RunOptionsError);
});

it("delivers the result of one run to its sinks", async () => {
  cluster.model.setRules([{ name: "row", when: { last: /question/ }, reply: "{\"answer\": \"delivered\"}" }]);
  const task = predict("q -> answer", { client, model: "scripted-root", subModel: "scripted-sub" });
  await task.run({ q: "question" }, { id: "with-sink", sinks: [`file:${cluster.home}/{id}.json`] });
  await vi.waitFor(async () => expect(await readFile(path.join(cluster.home, "with-sink.json"), "utf8")).toContain("delivered"), { timeout: 30_000 });
  await expect(task.start({ q: "q" }, { sinks: ["nowhere"] })).rejects.toThrow("is not a sink");
});
