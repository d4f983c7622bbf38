import { hostname } from "node:os";
import path from "node:path";
import { DefaultLogger, Runtime, Worker, type ReplayWorkerOptions } from "@temporalio/worker";
import { DeterminismViolationError } from "@temporalio/workflow";
import { expect, it } from "vitest";
import { packageRoot } from "../../src/stack/package-files.js";
import { BESIDE_RUNS, CONTINUED_RUN, PATCHED_RUN, PATCHED_WORKFLOW, readHistory } from "./history-file.js";
import { SCENARIOS } from "./scenarios.js";

Runtime.install({ logger: new DefaultLogger("ERROR", () => undefined) });

const RELEASED: ReplayWorkerOptions = { workflowBundle: { codePath: path.join(packageRoot(), "dist", "workflow-bundle.js") } };
const MUTATED: ReplayWorkerOptions = { workflowsPath: path.join(packageRoot(), "test", "histories", "fixtures", "mutated") };

it.each([...Object.keys(SCENARIOS), ...CONTINUED_RUN, ...BESIDE_RUNS])("replays the recorded history %s with today's workflow", async (name) => {
  await expect(Worker.runReplayHistory(RELEASED, readHistory(name), name)).resolves.toBeUndefined();
});

it("refuses a workflow that gives another command first", async () => {
  await expect(Worker.runReplayHistory(MUTATED, readHistory("ordinary"), "ordinary")).rejects.toThrow(DeterminismViolationError);
});

it("a change behind patched() lets runs from before go on as they began, and new runs go the new way", async () => {
  const changed: ReplayWorkerOptions = { workflowsPath: PATCHED_WORKFLOW };
  await expect(Worker.runReplayHistory(changed, readHistory("ordinary"), "ordinary")).resolves.toBeUndefined();
  await expect(Worker.runReplayHistory(changed, readHistory(PATCHED_RUN), PATCHED_RUN)).resolves.toBeUndefined();
  await expect(Worker.runReplayHistory(RELEASED, readHistory(PATCHED_RUN), PATCHED_RUN)).rejects.toThrow(DeterminismViolationError);
});

it("has histories without names of the machine that recorded them", () => {
  for (const name of [...Object.keys(SCENARIOS), ...CONTINUED_RUN, ...BESIDE_RUNS, PATCHED_RUN]) {
    const text = decoded(readHistory(name));
    expect(text).not.toMatch(/"identity":"(?!scrubbed)/);
    expect(text).not.toContain(hostname());
    expect(text).not.toMatch(/\/(home|root|tmp|work|Users)\//);
  }
});

/** The JSON text with its payloads readable. */
function decoded(history: object): string {
  return JSON.stringify(history, (key, value: unknown) => (key === "data" && typeof value === "string" ? Buffer.from(value, "base64").toString("utf8") : value));
}
