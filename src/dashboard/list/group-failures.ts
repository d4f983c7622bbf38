import type { IndexedRun } from "../../client/run-index/indexed-run.js";
import type { FailureGroup } from "../wire.js";

const MAX_EXAMPLES = 20;
const TROUBLED = new Set(["failed", "blocked", "degraded"]);

/** Runs that failed, wait for a person, or gave less than was asked, by cause; the largest group first. Pure. */
export function groupFailures(runs: readonly IndexedRun[]): readonly FailureGroup[] {
  const groups = new Map<string, FailureGroup>();
  for (const { workflowId, status, reason, startedAtMs, closedAtMs } of runs) {
    if (!TROUBLED.has(status)) continue;
    const cause = causeOf(reason);
    const key = `${status}\n${cause}`;
    const atMs = closedAtMs ?? startedAtMs;
    const { count, lastAtMs, examples } = groups.get(key) ?? { count: 0, lastAtMs: 0, examples: [] };
    groups.set(key, {
      cause, status, count: count + 1, lastAtMs: Math.max(lastAtMs, atMs),
      examples: examples.length < MAX_EXAMPLES ? [...examples, { workflowId, reason }] : examples,
    });
  }
  return [...groups.values()].sort((a, b) => b.count - a.count || b.lastAtMs - a.lastAtMs);
}

/** What differs from run to run (numbers, ids, quoted names) is taken out of the reason, so that equal causes are equal texts. */
function causeOf(reason: string | null): string {
  if (reason === null || reason.trim() === "") return "no reason given";
  return reason.replaceAll(/\s+/g, " ").replaceAll(/[0-9a-f]{12,}/gi, "…").replaceAll(/\d+(?:[.,]\d+)*/g, "#").trim().slice(0, 200);
}
