import { readFileSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { expect, it, vi } from "vitest";
import { connect, predict, schedule } from "../../src/api/index.js";
import { deleteSchedule } from "../../src/client/schedules/change-schedule.js";
import { readSchedule } from "../../src/client/schedules/read-schedule.js";
import { scheduleDocument, type ScheduleDocument } from "../../src/client/schedules/schedule-document.js";
import { clientSource } from "../../src/dashboard/source/client-source.js";
import { packageRoot } from "../../src/stack/package-files.js";
import { startBrowser } from "../helpers/browser.js";
import { clusterForFile } from "../helpers/cluster-for-file.js";
import { clusterCli, rlmOk } from "../helpers/cluster-cli.js";
import { serve, TOKENS } from "../dashboard/served.js";
import { shellCommands } from "../helpers/shell-commands.js";

const cluster = await clusterForFile();
await cluster.startWorker();
vi.setConfig({ testTimeout: 240_000 });

const LONG = { timeout: 90_000, interval: 200 };
const show = async (id: string): Promise<ScheduleDocument> => scheduleDocument(await readSchedule(cluster.client, id));
const statuses = async (id: string): Promise<readonly string[]> => (await show(id)).recent.map(({ status }) => status ?? "");
const logOf = async (day: string, text: string): Promise<void> => {
  await mkdir(path.join(cluster.home, "logs"), { recursive: true });
  await writeFile(path.join(cluster.home, "logs", `${day}.log`), text);
};

async function startDashboard(): Promise<{ readonly url: string; readonly page: Page } & AsyncDisposable> {
  const browser = await startBrowser();
  const none = (): Promise<never> => Promise.reject(new Error("not here"));
  const dashboard = await serve(clientSource({ client: cluster.client, directory: cluster.home, queues: () => cluster.queues(), askServer: async () => true, wake: async () => undefined, startRun: none }));
  const page = await (await browser.newContext()).newPage();
  page.setDefaultTimeout(60_000);
  await page.goto(`${dashboard.url}/#token=${TOKENS.operator}`);
  await page.getByRole("heading", { name: "Runs", exact: true }).waitFor({ state: "attached" });
  return {
    url: dashboard.url, page,
    async [Symbol.asyncDispose]() {
      await browser.close();
      await dashboard.close();
    },
  };
}

it("shows what rlm schedule create has made, and its buttons start, backfill, pause and resume it", async () => {
  cluster.model.setRules([{ name: "summary", when: { last: /line (\d+)/ }, reply: ({ groups: [n = ""] }) => JSON.stringify({ summary: `seen ${n}` }) }]);
  await logOf("2025-10-25", "line 25, card 4111111111111111");
  // The first minute that comes starts a window by itself; today's file is there.
  const today = new Date();
  for (const hours of [0, 24]) await logOf(new Date(today.getTime() + hours * 3_600_000).toISOString().slice(0, 10), "line 7");
  const created = await rlmOk(cluster, "schedule", "create", "nightly", "--cron", "* * * * *", "-s", "log, tone -> summary", "-i", "tone=dry", "--strategy", "predict",
    "--source", "logs/{yyyy}-{MM}-{dd}.log", "--sink", "file:out/{yyyy}-{MM}-{dd}T{HH}{mm}.json", "--redact", "\\d{16}", "--json");
  expect(JSON.parse(created.stdout)).toMatchObject({ scheduleId: "nightly", cron: ["* * * * *"], timeZone: "UTC", overlap: "skip", catchUpMs: 86_400_000, sources: { log: path.join(cluster.home, "logs", "{yyyy}-{MM}-{dd}.log") } });

  await using dashboard = await startDashboard();
  const { page } = dashboard;
  await page.goto(`${dashboard.url}/schedules`);
  const card = page.getByRole("region", { name: "Schedule nightly" });
  const press = (name: string) => card.getByRole("button", { name, exact: true }).click();
  const submit = (name: string) => page.locator("dialog[open]").getByRole("button", { name, exact: true }).click();
  const told = (text: string) => page.locator(".toast", { hasText: text }).waitFor();
  await vi.waitUntil(async () => (await statuses("nightly")).includes("answered"), LONG);
  await press("Pause…");
  await page.locator("dialog[open]").getByLabel("Why").fill("the disk is full");
  await submit("Pause");
  await told("Paused");
  await card.getByText("ann@ops: the disk is full").waitFor();
  expect(await show("nightly")).toMatchObject({ paused: true, note: "ann@ops: the disk is full", next: [] });

  await press("Run now");
  await told("A run starts now.");
  await press("Backfill…");
  await page.locator("dialog[open]").getByLabel("From").fill("2025-10-25T02:00Z");
  await page.locator("dialog[open]").getByLabel("To").fill("2025-10-25T02:01Z");
  await submit("Backfill");
  await told("one after another");
  await vi.waitUntil(async () => (await statuses("nightly")).filter((status) => status === "answered").length >= 4, LONG);
  await page.reload();
  await card.getByRole("link", { name: "nightly/2025-10-25T02:01Z" }).click();
  await page.getByLabel("Result").getByText("seen 25").waitFor();
  expect(JSON.parse(await readFile(path.join(cluster.home, "out", "2025-10-25T0200.json"), "utf8"))).toMatchObject({ workflowId: "nightly/2025-10-25T02:00Z", outputs: { summary: "seen 25" } });
  expect(cluster.model.ledger().filter(({ lastUserTail }) => lastUserTail.includes("line 25")).map(({ lastUserTail }) => /card (\S+)/.exec(lastUserTail)?.[1])).toEqual([expect.stringContaining("[REDACTED]"), expect.stringContaining("[REDACTED]")]);

  await page.goto(`${dashboard.url}/schedules`);
  await press("Resume");
  await told("It goes on.");
  await card.getByText("active").waitFor();
  expect((await show("nightly")).paused).toBe(false);
  await deleteSchedule(cluster.client, "nightly");
});

it("tells a program of a window that is empty, and of one that cannot be an input; a failed one is run again by a backfill, and the same call changes the schedule", async () => {
  await using client = await connect({ address: cluster.temporal.address, namespace: cluster.temporal.namespace, home: cluster.home, store: pathToFileURL(cluster.store.directory).href });
  const task = predict("log: int, tone -> summary", { client, model: "scripted-root", subModel: "scripted-sub" });
  const options = { id: "odd", cron: "@yearly", sources: { log: path.join(cluster.home, "logs/{yyyy}-{MM}-{dd}.log") }, shared: { tone: "dry" } };
  const odd = await schedule(task, { ...options, cron: "0 0 1-3 11 *" });
  await logOf("2025-11-02", "many");
  await logOf("2025-11-03", "13");
  cluster.model.setRules([{ name: "wrong", fault: { type: "status", status: 400, body: { error: { message: "no" } } }, reply: "" }]);
  await odd.backfill({ from: "2025-11-01", to: "2025-11-03" });
  await vi.waitUntil(async () => (await statuses("odd")).filter((status) => status !== "running").length === 3, LONG);
  const byWindow = new Map((await odd.describe()).recent.map((each) => [each.window, each]));
  expect(byWindow.get("2025-11-01T00:00Z")).toMatchObject({ status: "empty", workflowId: null, reason: expect.stringMatching(/2025-11-01\.log: there is no such file.*rlm schedule backfill odd --from 2025-11-01T00:00:00Z/) });
  expect(byWindow.get("2025-11-02T00:00Z")).toMatchObject({ status: "refused", reason: expect.stringMatching(/^Input log: /) });
  expect(byWindow.get("2025-11-03T00:00Z")).toMatchObject({ status: "failed", workflowId: "odd/2025-11-03T00:00Z" });
  cluster.model.setRules([{ name: "mended", reply: "{\"summary\": \"mended\"}" }]);
  await odd.backfill({ from: new Date("2025-11-03T00:00Z"), to: new Date("2025-11-03T00:00Z") });
  await vi.waitUntil(async () => (await statuses("odd"))[0] === "answered", LONG);
  const [again] = (await odd.describe()).recent;
  expect(again?.workflowId).toBe("odd/2025-11-03T00:00Z~2");
  expect((await client.attach(again?.workflowId ?? "").result()).outputs).toEqual({ summary: "mended" });

  await odd.pause("holidays");
  expect(await (await schedule(task, { ...options, timeZone: "Asia/Tokyo", overlap: "buffer-one", jitter: "5m" })).describe({ windows: 1 })).toMatchObject({
    cron: ["@yearly"], timeZone: "Asia/Tokyo", overlap: "buffer-one", jitterMs: 300_000, paused: true, note: "holidays", next: [],
  });
  await odd.unpause();
  // With the jitter.
  await vi.waitUntil(async () => /-01-01T00:0\d(:\d\d)?\+09:00$/.test((await odd.describe({ windows: 0 })).next[0] ?? ""), LONG);
  await odd.delete();
  await expect(odd.describe()).rejects.toThrow('There is no schedule with the id "odd"');
});

it("does every command of its guide page, and refuses what cannot be", async () => {
  const commands = shellCommands(readFileSync(path.join(packageRoot(), "docs", "guide", "schedules.md"), "utf8"));
  expect(commands.length).toBeGreaterThanOrEqual(9);
  const said: string[] = [];
  for (const [, ...args] of commands) said.push((await rlmOk(cluster, ...args)).stdout);
  expect(said[0]).toMatch(/^nightly: 0 3 \* \* \* \(Europe\/Berlin\); next: \d{4}-\d{2}-\d{2}T03:00\+0[12]:00/);
  expect(said.join("")).toContain("30 4 * * 1-5");
  const refused = async (...args: readonly string[]): Promise<string> => {
    const { code, stderr } = await clusterCli(cluster, ["schedule", ...args]).done;
    return `${code} ${stderr}`;
  };
  // Its last command has deleted it.
  await rlmOk(cluster, ...(commands[0] ?? []).slice(1));
  expect(await refused("create", "nightly", "--cron", "@daily", "-s", "log -> summary", "--source", "logs/{dd}.log")).toMatch(/^2 .*already.*rlm schedule update nightly/s);
  expect(await refused("show", "weekly")).toMatch(/^6 .*no schedule with the id "weekly"/s);
  expect(await refused("create", "packed", "--cron", "@daily", "-s", "log -> summary", "-i", "log=x", "--packages", "wheels")).toMatch(/^2 .*--packages is not for schedules[^]*RLM_PACKAGES/s);
});

it("gives its windows the tools of a file, says who must host them, and keeps them when something else is changed", async () => {
  const file = fileURLToPath(new URL("fixtures/tools.mjs", import.meta.url));
  const { stderr } = await rlmOk(cluster, "schedule", "create", "tooled", "--cron", "@yearly", "-s", "q -> answer", "-i", "q=3", "--tools", file);
  expect(stderr).toContain(`until a machine hosts the tools: keep one running.\n  rlm worker --tools ${file}`);
  const tooled = async (): Promise<{ readonly tools: readonly string[]; readonly queue: string | undefined }> => {
    const { plan, input } = await readSchedule(cluster.client, "tooled", 0);
    return { tools: (plan.spec.tools ?? []).map(({ name }) => name), queue: input.queues.tools };
  };
  const before = await tooled();
  expect(before).toMatchObject({ tools: expect.arrayContaining(["lookup"]), queue: expect.stringMatching(/^rlm-tools-/) });
  await rlmOk(cluster, "schedule", "update", "tooled", "--cron", "@monthly");
  expect(await tooled()).toEqual(before);
});
