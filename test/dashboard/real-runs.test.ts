import { expect, it, vi } from "vitest";
import { startRun } from "../../src/client/start-run.js";
import { readManifest } from "../../src/client/read-manifest.js";
import { clientSource } from "../../src/dashboard/source/client-source.js";
import type { RunSpec } from "../../src/core/run-spec.js";
import { getRecord } from "../../src/journal/records.js";
import { BatchCommand } from "../helpers/batch-command.js";
import { RealPage } from "./real-page.js";

vi.setConfig({ testTimeout: 120_000 });
const real = await RealPage.forFile();
const { cluster, page } = real;
const QUESTION = { signature: "q -> answer", inputs: { q: "?" } };

it("shows a new run in the list, a turn when it begins and its result when it ends, without a reload", async () => {
  let released = false;
  cluster.script(["while (x := llm_query('may I?')) != 'fine': pass\nprint('seen', x)", "SUBMIT(answer='forty-two')"], { reply: () => (released ? "fine" : "wait"), delayMs: 300 });
  await real.go("/");
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
  await real.dialog.getByText("fine").waitFor();
  await page.keyboard.press("Escape");
  expect(await page.locator(".legend").textContent()).toMatch(/thinking.*executing.*sub-calls/);
});

it("goes on by itself when the dashboard is started again, and says so in between", async () => {
  const id = await real.busy("again-1");
  await real.restart(real.source, () => page.getByText("connection lost").waitFor());
  await page.locator(".link[data-state=live]").waitFor();
  const used = async () => Number(/([\d,]+) of 5,000/.exec(await page.locator(".budgets").innerText())?.[1] ?? 0);
  const seen = await used();
  await expect.poll(used, { timeout: 60_000 }).toBeGreaterThan(seen);
  await page.keyboard.press("c");
  await real.submit("Cancel the run");
  await real.told("asked to stop");
  await real.becomes(id, "cancelled");
});

it("pauses, steers, gives more budget, resumes, forks and cancels a run under load; the history keeps who and why", async () => {
  const id = await real.busy("acts-1");
  await real.press("Pause…");
  await real.field("Why").fill("quota is low");
  await real.submit("Pause");
  await real.told("Paused.");
  await real.becomes(id, "paused");
  await real.press("Message…");
  await real.field("Message").fill("Leave staging out.");
  await real.submit("Send");
  await real.told("sees the message");
  await real.press("Limits…");
  await real.field("Sub-calls").fill("6000");
  await real.submit("Change");
  await real.told("The limits are changed.");
  await page.getByText("of 6,000").waitFor();
  await real.press("Resume");
  await real.told("It goes on.");
  await real.becomes(id, "running");
  await page.getByRole("complementary").getByText("ann@ops").first().waitFor();
  expect(await page.locator(".notes").innerText()).toMatch(/ann@ops\s+paused[^]*quota is low[^]*Leave staging out\.[^]*maxLlmCalls to 6000/);
  await real.press("Fork…");
  await real.field("After turn").fill("7");
  await real.submit("Fork");
  await real.dialog.getByText("cannot be forked after turn 7").waitFor();
  await real.field("After turn").fill("0");
  await real.field("Id of the new run").fill("acts-1-fork");
  await real.submit("Fork");
  await page.getByRole("heading", { level: 1, name: "acts-1-fork" }).waitFor();
  await page.getByText("forked from").waitFor();
  // Both at once, from the list.
  await real.withSelected([id, "acts-1-fork"], "Cancel");
  await real.told("2 runs asked to stop.");
  await real.becomes(id, "cancelled");
  await real.becomes("acts-1-fork", "cancelled");
});

it("refuses what a run cannot take, in the run's words, and a blocked one tries again", async () => {
  cluster.script(["x = 1", "SUBMIT(answer='later')"], { reply: "ok" });
  const id = await cluster.start({ ...QUESTION, id: "wall-1", limits: { maxIterations: 1, onLimit: "wait" } });
  await real.show(id);
  await page.getByText("Raise the limit that was reached").waitFor();
  await real.press("Message…");
  await real.field("Message").evaluate((area: { value: string }) => { area.value = "x".repeat(1_000_000); });
  await real.submit("Send");
  await real.dialog.getByText("at most 32768 are taken").waitFor();
  await real.dialog.getByRole("button", { name: "Close" }).click();
  await real.press("Retry");
  await real.told("It tries again now.");
  await real.press("Limits…");
  await real.field("Turns").fill("0");
  await real.submit("Change");
  await real.dialog.getByText("maxIterations is 0").waitFor();
  await real.field("Turns").fill("4");
  await real.submit("Change");
  await real.becomes(id, "answered");
  await page.getByLabel("Result").getByText("later").waitFor();
  await page.getByRole("button", { name: "Pause…" }).waitFor({ state: "detached" });
  const late = await page.request.post(`${real.url}/api/runs/${id}/actions`, { data: { action: "pause" }, headers: { origin: real.url } });
  expect([late.status(), await late.text()]).toEqual([409, expect.stringContaining("is closed")]);
});

const cell = (code: string): string => `Next.\n\n\`\`\`python\n${code}\n\`\`\``;

it("tells of each call how often it was tried and why, and shows the turns of a child inside the call that began it", async () => {
  const rateLimited = { type: "status", status: 429, times: 1, per: "body", body: { error: { message: "slow down" } } } as const;
  cluster.model.reset();
  cluster.model.setRules([
    { name: "child", when: { model: "scripted-root", system: "CHILD-TASK" }, turns: [cell("inner = llm_query('asked by the child')\nSUBMIT(answer=inner)")] },
    { name: "root", when: { model: "scripted-root" }, turns: [cell("alone = llm_query('alone')\nboth = llm_query_batched(['first', 'second'])\ntold = rlm_query('CHILD-TASK')\nSUBMIT(answer=told)")] },
    { name: "sub", when: { model: "scripted-sub" }, reply: "ok", fault: rateLimited },
  ]);
  const id = await cluster.start({ ...QUESTION, id: "nested-1", limits: { maxDepth: 1 } });
  await real.becomes(id, "answered");
  await real.go(`/runs/${id}?turn=1&call=0`);
  await real.dialog.getByText(/1 try before failed\. The last: .*429/).waitFor();
  await page.keyboard.press("Escape");
  const retries = (call: number) => page.locator(".vl-body > .vl-row").nth(call).getByRole("cell").nth(6).textContent();
  expect(await Promise.all([0, 1, 2, 3].map(retries))).toEqual(["1", "1", "1", ""]);
  await page.locator(".vl-body > .vl-row").nth(3).click();
  await real.dialog.getByRole("heading", { name: "Its turns" }).waitFor();
  await real.dialog.getByRole("article", { name: "Turn 1" }).getByText("asked by the child").first().waitFor();
  await real.dialog.getByRole("link", { name: `${id}~` }).click();
  await page.getByText("child of").waitFor();
  await page.getByRole("link", { name: id, exact: true }).click();
  await page.getByRole("heading", { level: 1, name: id, exact: true }).waitFor();
});

it("shows a batch as its rows go on, and runs again the rows that failed", async () => {
  let slow = true;
  const answer = { name: "row", when: { last: /question/ }, reply: async () => { if (slow) await vi.waitUntil(() => !slow, { timeout: 60_000 }); return '{"answer":"fine"}'; } };
  cluster.model.reset();
  cluster.model.setRules([{ name: "wrong", when: { last: "question 1" }, reply: "", fault: { type: "status", status: 400, body: { error: { message: "no" } } } }, answer]);
  const batch = new BatchCommand(cluster, "rows-1");
  await batch.writeRows(4);
  const running = batch.run("--concurrency", "4");
  await real.go("/batches");
  const card = page.locator("section.card", { hasText: "rows-1" });
  await card.getByText("4 of 4 rows begun").waitFor();
  await card.getByRole("link", { name: "3 running" }).waitFor();
  slow = false;
  expect((await running.done).code).toBe(1);
  await card.getByRole("link", { name: "3 answered" }).waitFor();
  await card.getByText("Failed rows (1)").click();
  await card.getByRole("link", { name: /row-1/ }).waitFor();
  cluster.model.setRules([answer]);
  await card.getByRole("button", { name: "Retry failed" }).click();
  await real.told("The failed rows run again.");
  await card.getByRole("link", { name: "4 answered" }).click();
  await page.getByText("4 runs", { exact: true }).waitFor();
  await page.getByRole("button", { name: "batch rows-1" }).waitFor();
});

it("starts a run from the form, and shows closed runs, failures and costs with no worker and no server", async () => {
  cluster.script(["SUBMIT(answer=q.upper())"]);
  await real.go("/new");
  await page.getByLabel("Signature").fill("q -> answer");
  await page.getByLabel("Signature").blur();
  await page.getByLabel("Value").fill("shout");
  await page.getByRole("button", { name: "Start" }).click();
  await page.getByLabel("Result").getByText("SHOUT").waitFor();
  await cluster.killWorkers();
  // An open run while no worker is there: its history is enough.
  cluster.script(["SUBMIT(answer='never')"]);
  await startRun(cluster.client, { spec: await specOf("live-1"), queues: cluster.queues(), signatureText: "q -> answer", workflowId: "waits-1" });
  await real.show("waits-1");
  await page.getByText("running for").waitFor();
  const dark = clientSource({
    client: { store: cluster.store, temporal: () => Promise.reject(Object.assign(new Error("No Temporal server answers."), { code: "temporal_unreachable" })) }, directory: cluster.home, queues: () => cluster.queues(), askServer: async () => true,
    wake: async () => undefined, startRun: () => Promise.reject(new Error("not here")),
  });
  await real.restart(dark);
  await real.show("live-1");
  await page.getByLabel("Result").getByText("forty-two").waitFor();
  await page.getByRole("article", { name: "Turn 2" }).waitFor();
  await real.go("/");
  await page.getByText("Open runs are not shown: No Temporal server answers.").waitFor();
  await page.getByRole("link", { name: "live-1" }).waitFor();
  await real.go("/costs");
  await page.getByRole("cell", { name: "scripted-sub" }).waitFor();
  expect(await page.locator("tbody").innerText()).toContain("scripted-root");
});

async function specOf(id: string) {
  const manifest = await readManifest(cluster.store, id);
  if (manifest === null) throw new Error(`${id} has no manifest.`);
  return getRecord<RunSpec>(cluster.store, manifest.specRef);
}
