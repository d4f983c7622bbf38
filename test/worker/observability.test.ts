import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { freePort } from "../../src/stack/server/free-port.js";
import { loadToolsFile } from "../../src/tools/load-tools-file.js";
import { TestCluster } from "../helpers/cluster.js";

/** None of these may leave the store: not in a log, a metric or, unasked, a span. */
const CANARY = { key: "canary-key-4711", input: "canary-input-4712", prompt: "canary-prompt-4713", output: "canary-output-4714", answer: "canary-answer-4715" };

interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly status: { readonly code?: number };
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string; readonly intValue?: number } }[];
}

const received: string[] = [];
const receiver = createServer((request, response) => {
  let body = "";
  request.setEncoding("utf8").on("data", (text: string) => (body += text)).on("end", () => {
    received.push(body);
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
});
const spans = (): readonly OtlpSpan[] =>
  received.flatMap((body) => (JSON.parse(body) as { resourceSpans: { scopeSpans: { spans: OtlpSpan[] }[] }[] }).resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
const attribute = ({ attributes }: OtlpSpan, key: string): unknown => Object.values(attributes.find((each) => each.key === key)?.value ?? {})[0];

const scrape = async (port: number | undefined): Promise<string> => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();

let cluster: TestCluster;
beforeAll(async () => {
  receiver.listen(0, "127.0.0.1");
  [cluster] = await Promise.all([TestCluster.start(), once(receiver, "listening")]);
});
afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  receiver.close();
});

it("tells metrics, traces and logs what the ledger says, and no text of the run", async () => {
  const tools = await loadToolsFile(fileURLToPath(new URL("../e2e/fixtures/tools.mjs", import.meta.url)));
  const ports = [await freePort(), await freePort()];
  const env = { RLM_LOG_LEVEL: "trace", OPENAI_API_KEY: CANARY.key, OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}` };
  const first = await cluster.startWorker({ ...env, RLM_METRICS: `127.0.0.1:${ports[0]}` });
  const toolWorker = await cluster.startToolWorker(tools, { ...env, RLM_METRICS: String(ports[1]), TOOL_LEDGER: `${cluster.home}/ledger` });
  cluster.script([
    `x = "${CANARY.output}"\nr = llm_query_batched(["${CANARY.prompt} a", "${CANARY.prompt} b"])\nprint(x)`,
    `print(lookup(number=3))\nSUBMIT(answer=x)`,
  ], { reply: CANARY.answer, fault: { type: "status", status: 500, times: 1 } });
  const price = { inputUsdPerMillion: 1_000_000, outputUsdPerMillion: 2_000_000 };
  const models = { settings: { "scripted-sub": { price }, "scripted-root": { price } } };
  const workflowId = await cluster.start({ signature: "text -> answer: str", inputs: { text: CANARY.input }, models, tools });
  const result = await cluster.result(workflowId);
  expect(result).toMatchObject({ status: "answered", outputs: { answer: CANARY.output }, llmCalls: 2, turns: 2 });

  const ledger = cluster.model.ledger();
  const scraped = await scrape(ports[0]);
  const metric = (name: string, ...labels: readonly string[]): number => scraped.split("\n")
    .filter((line) => new RegExp(`^${name}(\\{|$| )`).test(line) && labels.every((label) => line.includes(label)))
    .reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
  expect(metric("rlm_model_calls_total", 'role="root"', 'outcome="answered"')).toBe(2);
  expect(metric("rlm_model_calls_total", 'role="sub"', 'outcome="answered"')).toBe(2);
  expect(metric("rlm_model_calls_total", 'outcome="retryable"')).toBe(ledger.filter(({ status }) => status === 500).length);
  expect(metric("rlm_model_calls_total")).toBe(ledger.length);
  expect(metric("rlm_model_tokens_total", 'direction="input"')).toBe(result.usage.inputTokens);
  expect(metric("rlm_model_tokens_total", 'direction="output"')).toBe(result.usage.outputTokens);
  expect(metric("rlm_model_call_cost_usd_sum")).toBeCloseTo(result.usage.costUsd ?? Number.NaN, 6);
  expect(metric("rlm_turns_total", 'end="finished"')).toBe(1);
  expect(metric("rlm_turns_total", 'end="submitted"')).toBe(1);
  expect(metric("rlm_runs_closed_total", 'status="answered"')).toBe(1);
  expect(metric("rlm_session_open_seconds_count", 'how="new"')).toBe(1);
  expect(metric("rlm_snapshot_bytes_count")).toBeGreaterThan(0);
  expect(await scrape(ports[1])).toMatch(/^rlm_tool_calls_total\{.*outcome="returned".*tool="lookup".*\} 1$/m);
  expect(scraped).toMatch(/^rlm_sessions\{.*state="parked".*\} \d+$/m);
  expect(metric("temporal_workflow_completed_total")).toBeGreaterThan(0);

  // Spans are sent from time to time, and what is left when a worker ends.
  await Promise.all([first.stop(), toolWorker.stop()]);
  const told = spans();
  expect(told.filter(({ name }) => name.startsWith("chat ")).length).toBe(ledger.length);
  expect(told.map(({ name }) => name).filter((name) => !name.startsWith("chat ")).sort()).toEqual(["cell 1", "cell 2", "execute_tool lookup", "invoke_agent rlm", "turn 1", "turn 2"]);
  expect(new Set(told.map(({ traceId }) => traceId)).size).toBe(1);
  expect(new Set(told.map(({ spanId }) => spanId)).size).toBe(told.length);
  const byId = new Map(told.map((span) => [span.spanId, span]));
  const path = (span: OtlpSpan): string => (span.parentSpanId ? `${path(byId.get(span.parentSpanId) as OtlpSpan)} > ${span.name}` : span.name);
  const paths = told.map(path);
  expect(paths).toEqual(expect.arrayContaining(["invoke_agent rlm > turn 1 > chat scripted-root", "invoke_agent rlm > turn 1 > cell 1 > chat scripted-sub", "invoke_agent rlm > turn 2 > cell 2 > execute_tool lookup"]));
  const [root] = told.filter(({ name }) => name === "chat scripted-root");
  expect(root && attribute(root, "gen_ai.operation.name")).toBe("chat");
  expect(root && attribute(root, "gen_ai.request.model")).toBe("scripted-root");
  expect(root && attribute(root, "temporalWorkflowID")).toBe(workflowId);
  const failed = told.filter(({ status }) => status.code === 2);
  expect(failed.map((span) => [span.name, attribute(span, "error.type")])).toEqual([["chat scripted-sub", "server_error"]]);

  const log = first.log() + toolWorker.log();
  expect(log).toContain(`"workflowId":"${workflowId}"`);
  expect(log.trim().split("\n").map((line) => JSON.parse(line) as { level: number; msg: string; callKey?: string }).filter(({ msg }) => msg === "model call").every(({ callKey }) => callKey !== undefined)).toBe(true);
  for (const [what, text] of Object.entries(CANARY)) expect(log + scraped + received.join(""), `the ${what} is told`).not.toContain(text);
});

it("joins the trace on another worker after a kill, and tells the texts when it was asked to", async () => {
  received.length = 0;
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`, OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: "true" };
  const port = await freePort();
  const first = await cluster.startWorker({ ...env, RLM_METRICS: String(port) });
  cluster.script(["r = 1", "r = llm_query('two')\nSUBMIT(answer=r)"], { reply: CANARY.answer, fault: { type: "hang", times: 1 } });
  const workflowId = await cluster.start({ signature: "text -> answer: str", inputs: { text: CANARY.input } });
  await expect.poll(() => cluster.model.ledger().some(({ rule }) => rule === "sub"), { timeout: 60_000 }).toBe(true);
  const open = async (): Promise<readonly string[]> => [...(await scrape(port)).matchAll(/^rlm_open_runs\{.*status="(\w+)".*\} ([1-9]\d*)$/gm)].map(([, status, count]) => `${status} ${count}`);
  await expect.poll(open, { timeout: 60_000 }).toEqual(["running 1"]);
  // What the first worker has told must be on its way before it dies.
  await expect.poll(() => spans().some(({ name }) => name === "turn 1"), { timeout: 30_000 }).toBe(true);
  await first.kill();
  const second = await cluster.startWorker(env);
  expect((await cluster.result(workflowId)).outputs).toEqual({ answer: CANARY.answer });
  await second.stop();
  const told = spans();
  expect(new Set(told.map(({ traceId }) => traceId)).size).toBe(1);
  expect(told.map(({ name }) => name).filter((name) => /^(turn|invoke)/.test(name)).sort()).toEqual(["invoke_agent rlm", "turn 1", "turn 2"]);
  expect(told.every(({ parentSpanId }) => !parentSpanId || told.some(({ spanId }) => spanId === parentSpanId))).toBe(true);
  const texts = told.map((span) => String(attribute(span, "gen_ai.output.messages")));
  expect(texts.some((text) => text.includes(CANARY.answer))).toBe(true);
});
