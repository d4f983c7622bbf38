import { createHmac } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { TestCluster } from "../helpers/cluster.js";
import { WebhookReceiver, type ReceivedPost } from "../helpers/webhook-receiver.js";

let cluster: TestCluster;
let receiver: WebhookReceiver;
/** Status of the answers to come; then 200. */
let answers: number[] = [];
const env = (): Record<string, string> => ({ HOOK_SECRET: "s3cret", SLACK_URL: `${receiver.address}/slack` });

beforeAll(async () => {
  receiver = await WebhookReceiver.start(({ url }) => (url === "/gone" ? 404 : (answers.shift() ?? 200)));
  cluster = await TestCluster.start();
  await cluster.startWorker(env());
});
afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  await receiver[Symbol.asyncDispose]();
});

const until = (condition: () => boolean | Promise<boolean>): Promise<boolean> => vi.waitUntil(condition, { timeout: 50_000, interval: 50 });

it("delivers a result to every sink under one key, again after a refusal and a killed worker, signed, with no secret in the history", async () => {
  const { received } = receiver;
  cluster.script(["SUBMIT(answer='done', n=2**80)"]);
  answers = [503, 503];
  const file = path.join(cluster.home, "out", "{id}.json");
  const id = await cluster.start({
    signature: "q -> answer, n: int", inputs: { q: "?" }, id: "told",
    sinks: [{ type: "webhook", url: `${receiver.address}/hook`, secretEnv: "HOOK_SECRET" }, { type: "file", path: file }],
  });
  await cluster.result(id);
  await until(() => received.length > 0);
  await cluster.killWorkers();
  await cluster.startWorker(env());
  await until(() => received.length >= 3);
  await until(async () => (await readdir(path.join(cluster.home, "out")).catch((): string[] => [])).includes("told.json"));
  expect(new Set(received.map(({ headers }) => headers["idempotency-key"])).size).toBe(1);
  const { headers, body } = received.at(-1) as ReceivedPost;
  const signature = createHmac("sha256", "s3cret").update(`${String(headers["x-rlm-timestamp"])}.${body}`).digest("hex");
  expect(headers["x-rlm-signature"]).toBe(`v1=${signature}`);
  expect(body).toContain('"n":1208925819614629174706176');
  expect(JSON.parse(body)).toMatchObject({ workflowId: "told", status: "answered", outputs: { answer: "done" }, turns: 1 });
  expect((await readFile(path.join(cluster.home, "out", "told.json"), "utf8")).trim()).toBe(body);
  const { workflow } = await cluster.client.temporal();
  for await (const { workflowId } of workflow.list({ query: 'WorkflowType = "rlmDelivery"' })) {
    expect(JSON.stringify(await workflow.getHandle(workflowId).fetchHistory())).not.toContain("s3cret");
    await workflow.getHandle(workflowId).result();
  }
}, 120_000);

it("gives up at once what a receiver refuses for good, tells so, and the other sinks get theirs", async () => {
  const { received } = receiver;
  received.length = 0;
  cluster.script(["SUBMIT(answer='x')"]);
  const id = await cluster.start({
    signature: "q -> answer", inputs: { q: "?" }, id: "refused",
    sinks: [{ type: "webhook", url: `${receiver.address}/gone` }, { type: "slack", urlEnv: "SLACK_URL" }],
  });
  await cluster.result(id);
  await until(() => received.length === 2);
  const { workflow } = await cluster.client.temporal();
  const failed = async (): Promise<boolean> => {
    for await (const { status } of workflow.list({ query: 'WorkflowType = "rlmDelivery" AND ExecutionStatus = "Failed"' })) return status.name === "FAILED";
    return false;
  };
  await until(failed);
  expect(received.filter(({ url }) => url === "/gone")).toHaveLength(1);
  const slack = received.find(({ url }) => url === "/slack");
  expect((JSON.parse(slack?.body ?? "{}") as { text: string }).text).toContain("refused: answered");
}, 120_000);
