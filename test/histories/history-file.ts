import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";

/** Recorded with a workflow that gives another command first, behind `patched()`. */
export const PATCHED_RUN = "patched";
export const PATCHED_WORKFLOW = fileURLToPath(new URL("fixtures/patched", import.meta.url));

/** The two histories of one run: it continued as new in the middle of a cell. */
export const CONTINUED_RUN = ["continued-1", "continued-2"] as const;

/** Workflows around runs: a batch of three rows, a window of a schedule, and the delivery of its result. */
export const BESIDE_RUNS = ["batch", "scheduled", "delivery"] as const;

const DATA = fileURLToPath(new URL("data", import.meta.url));

/** Proto JSON of a run's history, as `Worker.runReplayHistory` takes it. */
export function readHistory(name: string): object {
  return JSON.parse(gunzipSync(readFileSync(fileOf(name))).toString("utf8")) as object;
}

export function writeHistory(name: string, history: unknown): void {
  writeFileSync(fileOf(name), gzipSync(JSON.stringify(history), { level: 9 }));
}

function fileOf(name: string): string {
  return path.join(DATA, `${name}.json.gz`);
}
