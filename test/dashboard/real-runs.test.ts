import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { startRun } from "../../src/client/start-run.js";
import { readManifest } from "../../src/client/read-manifest.js";
import { readResult } from "../../src/client/read-result.js";
import { clientSource } from "../../src/dashboard/source/client-source.js";
import type { DashboardSource } from "../../src/dashboard/source/source.js";
import type { Dashboard } from "../../src/dashboard/start-dashboard.js";
import type { RunSpec } from "../../src/core/run-spec.js";
import { getRecord } from "../../src/journal/records.js";
import { startBrowser } from "../helpers/browser.js";
import { TestCluster } from "../helpers/cluster.js";
import { serve, TOKENS } from "./served.js";

const LONG = { timeout: 60_000 };
let cluster: TestCluster;
let browser: Browser;
let source: DashboardSource;
let dashboard: Dashboard;
let page: Page;

beforeAll(async () => {
  [cluster, browser] = await Promise.all([TestCluster.start(), startBrowser()]);
  await cluster.startWorker();
  source = clientSource({
    client: cluster.client, directory: cluster.home, queues: () => cluster.queues(), askServer: async () => true, wake: async () => undefined,
    startRun: async ({ signature, inputs }) => ({ workflowId: await cluster.start({ signature, inputs: Object.fromEntries(inputs.map(({ name, text }) => [name, text])) }), warnings: [] }),
  });
  dashboard = await serve(source);
  page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
  page.setDefaultTimeout(LONG.timeout);
  await page.goto(`${dashboard.url}/#token=${TOKENS.operator}`);
  await page.getByRole("heading", { name: "Runs", exact: true }).waitFor({ state: "attached" });
}, 120_000);
vi.setConfig({ testTimeout: 120_000 });

afterAll(async () => {
  await browser?.close();
  await dashboard?.close();
  await cluster?.[Symbol.asyncDispose]();
});

const QUESTION = { signature: "q -> answer", inputs: { q: "?" } };
const status = async (id: string): Promise<string> => (await readResult(cluster.client, id)).status;
const becomes = (id: string, wanted: string) => vi.waitUntil(async () => (await status(id)) === wanted, { ...LONG, interval: 100 });
const show = (id: string) => page.goto(`${dashboard.url}/runs/${id}`);
const press = (name: string) => page.getByRole("group", { name: "Actions" }).getByRole("button", { name }).click();
const submit = (name: string) => page.locator("dialog[open]").getByRole("button", { name, exact: true }).click();
const field = (label: string) => page.locator("dialog[open]").getByLabel(label, { exact: true });
const told = (text: string) => page.locator(".toast", { hasText: text }).waitFor();

/** A run that makes calls all the while: one every half second, for as long as nobody stops it. */
async function busy(id: string, turns = 2): Promise<string> {
  cluster.script([...Array.from({ length: turns - 1 }, () => "for i in range(400): last = llm_query(f'part {i}')"), "SUBMIT(answer='done')"], { reply: "ok", delayMs: 300 });
  await cluster.start({ ...QUESTION, id, limits: { maxLlmCalls: 5000, maxIterations: 5 } });
  await show(id);
  await page.getByText("The cell waits for").waitFor();
  return id;
}

it("shows a new run in the list, a turn when it begins and its result when it ends, without a reload", async () => {
  let released = false;
  cluster.script(["while (x := llm_query('may I?')) != 'fine': pass\nprint('seen', x)", "SUBMIT(answer='forty-two')"], { reply: () => (released ? "fine" : "wait"), delayMs: 300 });
  await page.goto(dashboard.url);
  await page.getByRole("heading", { name: "Runs", exact: true }).waitFor({ state: "attached" });
  const loads: string[] = [];
  page.on("framenavigated", (frame) => loads.push(frame.url()));
  await cluster.start({ ...QUESTION, id: "live-1", limits: { maxLlmCalls: 5000 } });
  await page.getByRole("link", { name: "live-1" }).click();
  await page.getByRole("article", { name: "Turn 1" }).waitFor();
  await page.getByText("The cell waits for").waitFor();
  expect(await page.getByRole("article", { name: "Turn 2" }).count()).toBe(0);
  released = true;
  await page.getByRole("article", { name: "Turn 2" }).waitFor();
  await page.getByLabel("Result").getByText("forty-two").waitFor();
  expect(loads.filter((url) => !url.includes("live-1"))).toEqual([]);
  await page.getByRole("button", { name: /Turn 1/ }).click();
  await page.getByText("seen fine").waitFor();
  await page.locator(".vl-view").press("End");
  await page.locator(".vl-view").press("Enter");
  await page.locator("dialog[open]").getByText("fine").waitFor();
  await page.keyboard.press("Escape");
  expect(await page.locator(".legend").textContent()).toMatch(/thinking.*executing.*sub-calls/);
});

it("goes on by itself when the dashboard is started again, and says so in between", async () => {
  const id = await busy("again-1");
  const { port } = dashboard;
  await dashboard.close();
  await page.getByText("connection lost").waitFor();
  dashboard = await serve(source, port);
  await page.locator(".link[data-state=live]").waitFor();
  const seen = Number(/([\d,]+) of 5,000/.exec(await page.locator(".budgets").innerText())?.[1] ?? 0);
  await vi.waitUntil(async () => Number(/([\d,]+) of 5,000/.exec(await page.locator(".budgets").innerText())?.[1] ?? 0) > seen, LONG);
  await page.keyboard.press("c");
  await submit("Cancel the run");
  await told("asked to stop");
  expect(await becomes(id, "cancelled")).toBe(true);
});

it("pauses, steers, gives more budget, resumes, forks and cancels a run under load; the history keeps who and why", async () => {
  const id = await busy("acts-1");
  await press("Pause…");
  await field("Why").fill("quota is low");
  await submit("Pause");
  await told("Paused.");
  await becomes(id, "paused");
  await press("Message…");
  await field("Message").fill("Leave staging out.");
  await submit("Send");
  await told("sees the message");
  await press("Limits…");
  await field("Sub-calls").fill("6000");
  await submit("Change");
  await told("The limits are changed.");
  await page.getByText("of 6,000").waitFor();
  await press("Resume");
  await told("It goes on.");
  await becomes(id, "running");
  await page.getByRole("complementary").getByText("ann@ops").first().waitFor();
  expect(await page.locator(".notes").innerText()).toMatch(/ann@ops\s+paused[^]*quota is low[^]*Leave staging out\.[^]*maxLlmCalls to 6000/);
  await press("Fork…");
  await field("After turn").fill("7");
  await submit("Fork");
  await page.locator("dialog[open]").getByText("cannot be forked after turn 7").waitFor();
  await field("After turn").fill("0");
  await field("Id of the new run").fill("acts-1-fork");
  await submit("Fork");
  await page.getByRole("heading", { level: 1, name: "acts-1-fork" }).waitFor();
  await page.getByText("forked from").waitFor();
  // Both at once, from the list.
  await page.goto(dashboard.url);
  await page.getByRole("checkbox", { name: "Select acts-1", exact: true }).check();
  await page.getByRole("checkbox", { name: "Select acts-1-fork" }).check();
  await page.getByRole("region", { name: "Selected runs" }).getByRole("button", { name: "Cancel" }).click();
  await submit("Cancel");
  await told("2 runs asked to stop.");
  await becomes(id, "cancelled");
  await becomes("acts-1-fork", "cancelled");
});

it("refuses what a run cannot take, in the run's words, and a blocked one tries again", async () => {
  cluster.script(["x = 1", "SUBMIT(answer='later')"], { reply: "ok" });
  const id = await cluster.start({ ...QUESTION, id: "wall-1", limits: { maxIterations: 1, onLimit: "wait" } });
  await show(id);
  await page.getByText("Raise the limit that was reached").waitFor();
  await press("Message…");
  await field("Message").evaluate((area: { value: string }) => { area.value = "x".repeat(1_000_000); });
  await submit("Send");
  await page.locator("dialog[open]").getByText("at most 32768 are taken").waitFor();
  await page.locator("dialog[open]").getByRole("button", { name: "Close" }).click();
  await press("Retry");
  await told("It tries again now.");
  await press("Limits…");
  await field("Turns").fill("0");
  await submit("Change");
  await page.locator("dialog[open]").getByText("maxIterations is 0").waitFor();
  await field("Turns").fill("4");
  await submit("Change");
  await becomes(id, "answered");
  await page.getByLabel("Result").getByText("later").waitFor();
  await page.getByRole("button", { name: "Pause…" }).waitFor({ state: "detached" });
  const late = await page.request.post(`${dashboard.url}/api/runs/${id}/actions`, { data: { action: "pause" }, headers: { origin: dashboard.url } });
  expect([late.status(), await late.text()]).toEqual([409, expect.stringContaining("is closed")]);
});

it("starts a run from the form, and shows closed runs, failures and costs with no worker and no server", async () => {
  cluster.script(["SUBMIT(answer=q.upper())"]);
  await page.goto(`${dashboard.url}/new`);
  await page.getByLabel("Signature").fill("q -> answer");
  await page.getByLabel("Signature").blur();
  await page.getByLabel("Value").fill("shout");
  await page.getByRole("button", { name: "Start" }).click();
  await page.getByLabel("Result").getByText("SHOUT").waitFor();
  await cluster.killWorkers();
  // An open run while no worker is there: its history is enough.
  cluster.script(["SUBMIT(answer='never')"]);
  await startRun(cluster.client, { spec: await specOf("live-1"), queues: cluster.queues(), signatureText: "q -> answer", workflowId: "waits-1" });
  await show("waits-1");
  await page.getByText("running for").waitFor();
  const dark = clientSource({
    client: { store: cluster.store, temporal: () => Promise.reject(Object.assign(new Error("No Temporal server answers."), { code: "temporal_unreachable" })) }, directory: cluster.home, queues: () => cluster.queues(), askServer: async () => true,
    wake: async () => undefined, startRun: () => Promise.reject(new Error("not here")),
  });
  const { port } = dashboard;
  await dashboard.close();
  dashboard = await serve(dark, port);
  await show("live-1");
  await page.getByLabel("Result").getByText("forty-two").waitFor();
  await page.getByRole("article", { name: "Turn 2" }).waitFor();
  await page.goto(dashboard.url);
  await page.getByText("Open runs are not shown: No Temporal server answers.").waitFor();
  await page.getByRole("link", { name: "live-1" }).waitFor();
  await page.goto(`${dashboard.url}/costs`);
  await page.getByRole("cell", { name: "scripted-sub" }).waitFor();
  expect(await page.locator("tbody").innerText()).toContain("scripted-root");
});

async function specOf(id: string) {
  const manifest = await readManifest(cluster.store, id);
  if (manifest === null) throw new Error(`${id} has no manifest.`);
  return getRecord<RunSpec>(cluster.store, manifest.specRef);
}
