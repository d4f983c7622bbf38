import { Client, Connection } from "@temporalio/client";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { RunClient } from "../../src/client/run-client.js";
import { controlSchedule } from "../../src/client/schedules/control-schedule.js";
import { listSchedules } from "../../src/client/schedules/list-schedules.js";
import { startTestTemporalServer, type TestTemporalServer } from "../helpers/temporal-server.js";

let server: TestTemporalServer;
let connection: Connection;
let client: Pick<RunClient, "temporal">;
beforeAll(async () => {
  server = await startTestTemporalServer();
  connection = await Connection.connect({ address: server.address });
  const temporal = new Client({ connection, namespace: server.namespace });
  client = { temporal: async () => temporal };
  await temporal.schedule.create({
    scheduleId: "nightly", spec: { cronExpressions: ["0 3 * * *"], timezone: "Europe/Berlin" }, policies: { overlap: "ALLOW_ALL" },
    action: { type: "startWorkflow", workflowType: "rlmRun", workflowId: "nightly", taskQueue: "nobody", args: [] },
  });
}, 120_000);
afterAll(async () => {
  await connection?.close();
  await server?.stop();
});

const nightly = async () => (await listSchedules(client)).find(({ scheduleId }) => scheduleId === "nightly");
// The server's list is a moment behind.
const shows = (check: (schedule: NonNullable<Awaited<ReturnType<typeof nightly>>>) => boolean) =>
  vi.waitUntil(async () => { const found = await nightly(); return found !== undefined && check(found) ? found : null; }, { timeout: 45_000, interval: 200 });

it("lists when a schedule runs next, and pauses and resumes it with a note", async () => {
  const listed = await shows(({ nextAtMs }) => nextAtMs.length > 0);
  expect(listed).toMatchObject({ paused: false, timeZone: "Europe/Berlin", recent: [] });
  expect(listed.when).toBe("0 3 * * *");
  expect(new Date(listed.nextAtMs[0] ?? 0).toLocaleTimeString("en-GB", { timeZone: "Europe/Berlin" })).toBe("03:00:00");
  await controlSchedule(client, "nightly", { action: "pause", note: "ann@ops: holidays" });
  expect((await shows(({ paused }) => paused)).note).toBe("ann@ops: holidays");
  await controlSchedule(client, "nightly", { action: "resume", note: "ann@ops" });
  expect((await shows(({ paused }) => !paused)).note).toBe("ann@ops");
});

it("starts a run at once, and those of a span of time that has passed", async () => {
  await controlSchedule(client, "nightly", { action: "trigger" });
  expect((await shows(({ recent }) => recent.length === 1)).recent[0]?.workflowId).toMatch(/^nightly-/);
  const [fromMs, toMs] = [Date.parse("2026-01-01T12:00Z"), Date.parse("2026-01-03T12:00Z")];
  await controlSchedule(client, "nightly", { action: "backfill", fromMs, toMs });
  const temporal = await client.temporal();
  await vi.waitUntil(async () => (await temporal.workflow.count("WorkflowType = \"rlmRun\"")).count >= 2, { timeout: 45_000, interval: 200 });
});

it("refuses a span of time that makes no sense, and a schedule that is not there", async () => {
  await expect(controlSchedule(client, "nightly", { action: "backfill", fromMs: 2, toMs: 1 })).rejects.toThrow("ends before it begins");
  await expect(controlSchedule(client, "nightly", { action: "backfill", fromMs: 0, toMs: Date.now() })).rejects.toThrow("longer than a year");
  await expect(controlSchedule(client, "nightly", { action: "backfill", fromMs: Date.now(), toMs: Date.now() + 1e9 })).rejects.toThrow("in the future");
  await expect(controlSchedule(client, "nobody", { action: "trigger" })).rejects.toThrow('There is no schedule with the id "nobody".');
});
