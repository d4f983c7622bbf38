import { createHmac } from "node:crypto";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, expect, it, vi } from "vitest";
import { retryRun } from "../../src/client/retry-run.js";
import { parseAlerts } from "../../src/sinks/parse-alerts.js";
import { clusterForFile } from "../helpers/cluster-for-file.js";
import { runCli } from "../helpers/run-cli.js";

vi.setConfig({ testTimeout: 180_000 });

const received: { readonly headers: IncomingHttpHeaders; readonly body: string }[] = [];
/** Status of the answers to come; then 200. */
const answers: number[] = [];
const receiver = createServer((request, response) => {
  let body = "";
  request.setEncoding("utf8").on("data", (text: string) => (body += text)).on("end", () => {
    received.push({ headers: request.headers, body });
    response.writeHead(answers.shift() ?? 200).end();
  });
}).listen(0, "127.0.0.1");
await once(receiver, "listening");
afterAll(() => void receiver.close());

const cluster = await clusterForFile();
const worker = { ALERT_SECRET: "s3cret" };
const alerts = [`webhook:http://127.0.0.1:${(receiver.address() as AddressInfo).port}/ops,secret-env=ALERT_SECRET`];
const events = (id: string): readonly unknown[] => received.filter(({ body }) => body.includes(`"${id}"`)).map(({ headers }) => headers["x-rlm-event"]);
const keys = (): ReadonlySet<unknown> => new Set(received.map(({ headers }) => headers["idempotency-key"]));
const until = (condition: () => boolean): Promise<boolean> => vi.waitUntil(condition, { timeout: 90_000, interval: 50 });

/** While it looks at the wall again by itself, it is not blocked for a moment. */
const retry = (id: string): Promise<boolean> => vi.waitUntil(() => retryRun(cluster.client, id, { by: "test", why: null }).then(() => true, () => false), { timeout: 60_000, interval: 100 });

it("tells once an episode that a run is blocked, and how it ended, over refusals of the receiver and killed workers", async () => {
  await cluster.startWorker(worker);
  const client = { ...cluster.client, alerts: parseAlerts(alerts) };
  const refuse = { type: "status", status: 401 } as const;
  cluster.script(["x = llm_query('one')", "y = llm_query('two')\nprint(y)"], { reply: "ok", fault: refuse });
  answers.push(503);
  const id = await cluster.start({ signature: "q -> answer", inputs: { q: "?" }, id: "walled", limits: { maxIterations: 2 } }, client);
  await until(() => received.length >= 1);
  await cluster.killWorkers();
  await cluster.startWorker(worker);
  await until(() => received.length >= 2);
  expect(keys().size).toBe(1);
  const { headers, body } = received[1] as (typeof received)[number];
  expect(JSON.parse(body)).toMatchObject({ workflowId: id, status: "blocked", reason: "credentials", message: expect.stringContaining("401"), parent: null });
  expect(headers["x-rlm-signature"]).toBe(`v1=${createHmac("sha256", "s3cret").update(`${String(headers["x-rlm-timestamp"])}.${body}`).digest("hex")}`);

  // Looked at again in vain: the same episode.
  const asked = cluster.model.ledger().length;
  await retry(id);
  await until(() => cluster.model.ledger().length > asked);

  // The first call goes through, the second meets a wall: another episode. Then the run ends by its limit.
  const root = { name: "root", when: { model: "scripted-root" }, turns: ["x", "```python\ny = llm_query('two')\nprint(y)\n```", '{"answer": "best so far"}'] };
  cluster.model.setRules([root, { name: "two", when: { last: "two" }, reply: "ok", fault: refuse }, { name: "sub", reply: "ok" }]);
  await retry(id);
  await until(() => keys().size === 2);
  cluster.model.setRules([root, { name: "sub", reply: "ok" }]);
  await retry(id);
  expect(await cluster.result(id)).toMatchObject({ status: "degraded" });
  await until(() => keys().size === 3);
  const eventOf = new Map(received.map(({ headers: { "idempotency-key": key, "x-rlm-event": event } }) => [key, event]));
  expect([...eventOf.values()]).toEqual(["run.blocked", "run.blocked", "run.degraded"]);
  const { workflow } = await cluster.client.temporal();
  const delivered: string[] = [];
  for await (const each of workflow.list({ query: 'WorkflowType = "rlmDelivery"' })) delivered.push(each.status.name);
  expect(delivered.length).toBe(3);
});

it("tells of a failed run what rlm run started with the project file's alerts, and nothing of one that is answered", async () => {
  const env = { RLM_HOME: cluster.home, TEMPORAL_ADDRESS: cluster.temporal.address, OPENAI_BASE_URL: cluster.model.url, RLM_MODEL: "scripted-root", RLM_SUB_MODEL: "scripted-sub", RLM_ALERTS: alerts.join(" ") };
  cluster.script(["SUBMIT(answer='x')"]);
  expect((await runCli(["run", "-s", "q -> answer", "-i", "q=?", "--id", "fine"], { env })).code).toBe(0);
  cluster.model.setRules([{ name: "all", reply: "x", fault: { type: "status", status: 400 } }]);
  expect((await runCli(["run", "-s", "q -> answer", "-i", "q=?", "--id", "broken"], { env })).code).toBe(1);
  await until(() => events("broken").length > 0);
  expect(events("broken")).toEqual(["run.failed"]);
  expect(events("fine")).toEqual([]);
});

it("tells once of a batch whose rows have failed, and once of a window of a schedule that has", async () => {
  cluster.model.setRules([{ name: "good", when: { last: "good" }, reply: '{"answer": "x"}' }, { name: "all", reply: "x", fault: { type: "status", status: 400 } }]);
  await writeFile(`${cluster.home}/rows.jsonl`, ["good 1", "bad 2", "bad 3", "good 4", "bad 5"].map((q) => `${JSON.stringify({ q })}\n`).join(""));
  const env = { RLM_HOME: cluster.home, TEMPORAL_ADDRESS: cluster.temporal.address, OPENAI_BASE_URL: cluster.model.url, RLM_MODEL: "scripted-root", RLM_ALERTS: alerts.join(" ") };
  const before = received.length;
  const task = ["-s", "q -> answer", "--strategy", "predict"];
  expect((await runCli(["batch", "run", "rows.jsonl", ...task, "--out", "out.jsonl", "--id", "rows"], { env, cwd: cluster.home })).stdout).toContain("2 answered, 3 failed");
  expect((await runCli(["schedule", "create", "monthly", "--cron", "@monthly", ...task, "-i", "q=bad"], { env, cwd: cluster.home })).code).toBe(0);
  expect((await runCli(["schedule", "trigger", "monthly"], { env })).code).toBe(0);
  await until(() => received.length >= before + 2);
  const { workflow } = await cluster.client.temporal();
  // Every alert is a delivery of its own: no other is on its way.
  await expect.poll(async () => (await workflow.count('WorkflowType = "rlmDelivery" AND ExecutionStatus = "Running"')).count, { timeout: 30_000 }).toBe(0);
  const told = received.slice(before).map(({ headers, body }) => ({ event: headers["x-rlm-event"], ...(JSON.parse(body) as object) }));
  expect(told).toHaveLength(2);
  expect(told).toEqual(expect.arrayContaining([
    expect.objectContaining({ event: "batch.failed", batchId: "rows", counts: { answered: 2, degraded: 0, failed: 3, cancelled: 0 } }),
    expect.objectContaining({ event: "run.failed", workflowId: expect.stringMatching(/^monthly\//) }),
  ]));
});

it("refuses one run more than may be open, and lets who names one that is attach to it", async () => {
  cluster.model.setRules([{ name: "all", reply: "x", fault: { type: "hang" } }]);
  const limited = { ...cluster.client, maxOpenRuns: 1 };
  const start = (id: string): Promise<string> => cluster.start({ signature: "q -> answer", inputs: { q: "?" }, id }, limited).catch((error: unknown) => (error as { code: string }).code);
  // The list still shows, for a moment, runs that have just closed, and not yet those that have just begun. One that is started in that moment would
  // only be attached to when it is asked for again: each is another one.
  await expect.poll(() => start("only"), { timeout: 60_000 }).toBe("only");
  let tries = 0;
  await expect.poll(() => start(`second-${(tries += 1)}`), { timeout: 60_000 }).toBe("too_many_runs");
  expect(await start("only")).toBe("only");
  const env = { RLM_HOME: cluster.home, TEMPORAL_ADDRESS: cluster.temporal.address, OPENAI_BASE_URL: cluster.model.url, RLM_MODEL: "scripted-root", RLM_MAX_OPEN_RUNS: "1" };
  const refused = await runCli(["run", "-s", "q -> answer", "-i", "q=?", "--detach", "--json"], { env });
  expect(refused).toMatchObject({ code: 75, stdout: "", stderr: expect.stringMatching(/"code":"too_many_runs".*at most 1 may be \(RLM_MAX_OPEN_RUNS\)/) });
});

it("refuses alerts that cannot be carried, with the forms there are", () => {
  expect(() => parseAlerts(["file:/x"])).toThrow(/Alerts go to webhook:URL/);
  expect(() => parseAlerts(["slack:A", "slack:B", "slack:C"])).toThrow(/at most 2/);
  expect(() => parseAlerts([`webhook:https://x.example/${"y".repeat(300)}`])).toThrow(/at most 250/);
});
