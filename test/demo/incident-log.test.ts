import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { CAUSES } from "../../src/demo/causes.js";
import { generateIncidentLog } from "../../src/demo/incident-log.js";
import { findDependents, SERVICES } from "../../src/demo/services.js";

const SEEDS = Array.from({ length: 6 }, (_, seed) => seed);
const read = (seed: number | string, bytes = 1_000_000) => {
  const { chunks, truth } = generateIncidentLog({ seed, bytes });
  const text = [...chunks].join("");
  return { text, lines: text.trimEnd().split("\n"), truth };
};
const atMs = (line: string): number => Date.parse(line.slice(0, 24));

describe("the demo's log", () => {
  it("is the same for the same seed, chunk by chunk and read twice, and another for another seed", () => {
    const log = generateIncidentLog({ seed: "a", bytes: 1_000_000 });
    expect([...log.chunks]).toEqual([...log.chunks]);
    expect(read("a").text).toBe([...log.chunks].join(""));
    expect(read("b").text.slice(0, 1000)).not.toBe(read("a").text.slice(0, 1000));
  });

  it("stays the same from version to version, so that a seed in a report means something", () => {
    const digest = createHash("sha256").update(read("pinned").text).digest("hex");
    expect(digest.slice(0, 16)).toBe("3e5cccfb1ed70c3a");
  });

  it.each([1_000_000, 20_000_000])("reaches %i bytes within one percent, in ASCII", (bytes) => {
    let written = 0;
    for (const chunk of generateIncidentLog({ seed: 1, bytes }).chunks) {
      written += chunk.length;
      if (/[^\x20-\x7e\n]/.test(chunk)) throw new Error("not ASCII");
    }
    expect(Math.abs(written - bytes) / bytes).toBeLessThan(0.01);
  });

  it("refuses sizes in which nothing is rare", () => {
    expect(() => generateIncidentLog({ seed: 1, bytes: 1000 })).toThrow("An incident log has at least 1000000 bytes, not 1000.");
  });

  it("is in order of time", () => {
    const times = read(3).lines.filter((line) => !line.startsWith(" ")).map((line) => line.slice(0, 24));
    expect(times).toEqual(times.toSorted());
  });

  it("hides every cause and many services, over the seeds", () => {
    const truths = Array.from({ length: 200 }, (_, seed) => generateIncidentLog({ seed, bytes: 1_000_000 }).truth);
    expect(new Set(truths.map((truth) => truth.cause)).size).toBe(CAUSES.length);
    expect(new Set(truths.map((truth) => truth.firstFailedService)).size).toBeGreaterThan(12);
  });
});

describe("the truth about the demo's log", () => {
  it.each(SEEDS)("is in the text, and before every sign of a consequence (seed %i)", (seed) => {
    const { lines, truth } = read(seed);
    for (const line of truth.signLines) expect(lines.filter((one) => one === line)).toHaveLength(1);
    expect(atMs(truth.firstSignLine)).toBe(truth.firstSignAtMs);
    expect(truth.firstSignLine).toContain(` ${truth.firstFailedService}[`);

    const blames = lines.filter((line) => new RegExp(`(call to|circuit breaker for|503:) ${truth.firstFailedService}\\b`).test(line));
    expect(blames.length).toBeGreaterThan(5);
    for (const line of blames) expect(atMs(line)).toBeGreaterThan(truth.firstSignAtMs + 60_000);
    expect(findDependents(truth.firstFailedService).every((name) => truth.affectedServices.includes(name))).toBe(true);
  });

  it.each(SEEDS)("cannot be had by looking for errors: none of the telling lines is one, and the failed service is not the loudest (seed %i)", (seed) => {
    const { lines, truth } = read(seed);
    for (const line of truth.signLines) expect(line).not.toContain(" ERROR ");
    const errors = new Map(SERVICES.map(({ name }) => [name, lines.filter((line) => line.includes(` ERROR ${name}[`)).length]));
    expect([...errors].sort((a, b) => b[1] - a[1])[0]?.[0]).not.toBe(truth.firstFailedService);
    const before = lines.filter((line) => line.includes(" ERROR ") && atMs(line) < truth.firstSignAtMs);
    expect(before.length).toBeGreaterThan(50);
  });
});
