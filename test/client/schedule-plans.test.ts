import { expect, it } from "vitest";
import { createSchedule, type ScheduleRequest } from "../../src/client/schedules/create-schedule.js";
import { parseEnd, parseInstant } from "../../src/client/schedules/parse-instant.js";
import { parseSource } from "../../src/client/schedules/parse-source.js";
import { windowRunId, windowSinks } from "../../src/client/schedules/window-fields.js";
import { resolveRunOptions } from "../../src/core/resolve-run-limits.js";
import { parseSignature } from "../../src/signature/parse-signature.js";
import { requireSameDay } from "../../src/sources/same-day.js";
import { MemoryBlobStore } from "../../src/store/memory-blob-store.js";

const signature = parseSignature("logs: str, question -> answer");
const REQUEST: ScheduleRequest = {
  scheduleId: "nightly",
  spec: { v: 1, signature, inputs: [{ name: "question", kind: "text", ref: { digest: "0".repeat(64), bytes: 1 } }], models: { root: "m", sub: "m", allowed: [], settings: {} }, limits: resolveRunOptions({}) },
  sources: [{ name: "logs", address: "/logs/{yyyy}-{MM}-{dd}.gz", as: "text" }],
  timing: { cron: ["0 3 * * *"], timeZone: "Europe/Berlin", overlap: "skip", jitterMs: 0, catchUpMs: 60_000 },
  queues: { workflow: "w", llm: "l", repl: "r" },
};
const timing = (change: Partial<ScheduleRequest["timing"]>): Partial<ScheduleRequest> => ({ timing: { ...REQUEST.timing, ...change } });
const logs = (address: string, as: "text" | "bytes" = "text"): Partial<ScheduleRequest> => ({ sources: [{ name: "logs", address, as }] });

/** Nothing of it reaches the server or the store. */
async function refusal(change: Partial<ScheduleRequest>): Promise<string> {
  const store = new MemoryBlobStore();
  try {
    await createSchedule({ store, temporal: () => Promise.reject(new Error("the server was asked")) }, { ...REQUEST, ...change });
  } catch (error) {
    for await (const name of store.listNamed("schedules")) throw new Error(`${name} was kept`, { cause: error });
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error("It was not refused.");
}

it.each<[string, Partial<ScheduleRequest>]>([
  ["has 4 fields. Write five fields, minute, hour", timing({ cron: ["0 3 * *"] })],
  ["\"61\" is no minute, which is 0 to 59", timing({ cron: ["61 3 * * *"] })],
  ["\"FOO\" is no day of week, which is 0 to 7 or a name", timing({ cron: ["0 3 * JAN-MAR FOO"] })],
  ["\"5-1\" is no hour", timing({ cron: ["0 5-1 * * *"] })],
  ["\"*/0\" is no minute", timing({ cron: ["*/0 * * * *"] })],
  ["There is no time to start at", timing({ cron: [] })],
  ["\"Europe/Berlim\" is not a time zone", timing({ timeZone: "Europe/Berlim" })],
  ["\"wait\" is no rule for overlaps. Write skip, buffer-one", timing({ overlap: "wait" as "skip" })],
  ["it must be 10 s or longer", timing({ catchUpMs: 100 })],
  ["it must be from 0 to a day", timing({ jitterMs: -1 })],
  ["{DD} is no part of a time window", logs("/logs/{DD}.gz")],
  ["Write {MM-1d}, too", logs("/logs/{yyyy}-{MM}-{dd-1d}.gz")],
  ["Declare `logs: dict[str, str]`", { spec: { ...REQUEST.spec, signature: parseSignature("logs: list[str], question -> answer") }, ...logs("/logs/{dd}/*.gz") }],
  ["must hold no password", logs("https://me:secret@host/{dd}.gz")],
  ["ftp://… cannot be read from", logs("ftp://host/{dd}.gz")],
  ["Input `logs` is missing", { sources: [] }],
  ["Input `logs` is given twice", { sources: [...REQUEST.sources, ...REQUEST.sources] }],
  ["bytes, which patterns cannot redact", { ...logs("/logs/{dd}.gz", "bytes"), redact: ["x"] }],
  ["is not a regular expression", { redact: ["("] }],
  ["{day} is no part", { sinks: [{ type: "file", path: "/out/{id}-{day}.json" }] }],
  ["There are 11 sinks", { sinks: Array.from({ length: 11 }, () => ({ type: "file", path: "/out" }) as const) }],
  ["has 61 bytes; at most 60", { scheduleId: "n".repeat(61) }],
  ["the server was asked", {}],
])("refuses before anything is kept: %s", async (message, change) => {
  expect(await refusal(change)).toContain(message);
});

it("names a window's run by the time that was meant, also in the hour that a clock shows twice", () => {
  expect(windowRunId("nightly", Date.parse("2025-10-25T01:00Z"), "Europe/Berlin", 1)).toBe("nightly/2025-10-25T03:00+02:00");
  expect(windowRunId("n", Date.parse("2025-10-26T00:30Z"), "Europe/Berlin", 1)).toBe("n/2025-10-26T02:30+02:00");
  expect(windowRunId("n", Date.parse("2025-10-26T01:30Z"), "Europe/Berlin", 2)).toBe("n/2025-10-26T02:30+01:00~2");
  expect(windowRunId("n", Date.parse("2025-07-01T03:00:07Z"), "America/St_Johns", 1)).toBe("n/2025-07-01T00:30:07-02:30");
  expect(windowSinks([{ type: "file", path: "/out/{dd}/{id}.json" }], Date.parse("2025-10-26T23:30Z"), "Europe/Berlin")).toEqual([{ type: "file", path: "/out/27/{id}.json" }]);
});

it("reads instants as the schedule's time zone shows them", () => {
  const iso = (atMs: number): string => new Date(atMs).toISOString();
  expect(iso(parseInstant("2025-10-25", "Europe/Berlin"))).toBe("2025-10-24T22:00:00.000Z");
  expect(iso(parseInstant("2025-10-27T03:00", "Europe/Berlin"))).toBe("2025-10-27T02:00:00.000Z");
  expect(iso(parseInstant("2025-10-27T03:00Z", "Europe/Berlin"))).toBe("2025-10-27T03:00:00.000Z");
  expect(iso(parseEnd("2025-10-26", "Europe/Berlin"))).toBe("2025-10-26T22:59:59.999Z");
  for (const text of ["yesterday", "2025-13-01", "2025-10-25 03:00"]) expect(() => parseEnd(text, "UTC")).toThrow("is no instant");
});

it("takes a source for the input that it names, or for the only one that has no value", () => {
  expect(parseSource("logs/{dd}.gz", signature, new Set(["question"]), "/home/ann")).toEqual({ name: "logs", address: "/home/ann/logs/{dd}.gz", as: "text" });
  expect(parseSource("logs=b:x.bin", signature, new Set(), "/home/ann")).toEqual({ name: "logs", address: "/home/ann/x.bin", as: "bytes" });
  expect(parseSource("logs:=https://h/{dd}.json", signature, new Set(), "/home/ann")).toEqual({ name: "logs", address: "https://h/{dd}.json", as: "json" });
  expect(() => parseSource("logs/{dd}.gz", signature, new Set(), "/")).toThrow("is for one of logs, question. Write NAME=logs/{dd}.gz");
  expect(() => parseSource("dt={dd}.gz", signature, new Set(), "/")).toThrow("`dt` is no input of the signature");
});

it("lets a template name two times, when each of them is whole", () => {
  requireSameDay("/{yyyy}/{MM}/{dd}/{HH}{mm}");
  requireSameDay("/{yyyy-1d}-{MM-1d}-{dd-1d}_{yyyy}-{MM}-{dd}.gz");
  requireSameDay("/{dd-1d}.gz");
  expect(() => requireSameDay("/{yyyy}{MM}{dd}-{HH-1h}.gz")).toThrow("{HH-1h} and {dd} are of different times, and would not fit together at the turn of a day, month or year. Write {dd-1h}, too.");
});
