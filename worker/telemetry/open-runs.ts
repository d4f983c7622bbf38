import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "@temporalio/client";
import type { MetricMeter } from "@temporalio/common";
import { SEARCH_ATTRIBUTES } from "../../src/core/visibility.js";
import { WORKFLOW_TYPE } from "../../src/core/wire.js";

/** Prometheus asks every 15 s or less often, by default once a minute. */
const ASK_EVERY_MS = 5_000;

const OPEN = `WorkflowType = "${WORKFLOW_TYPE}" AND ExecutionStatus = "Running"`;

/**
 * Keeps the number of open runs in a gauge, by status, as the server's list has them: the same in every worker, child runs and rows of batches included.
 * While the server is out of reach it keeps the numbers it had. Returns what ends it.
 * @param onError called once a spell of failures
 */
export function watchOpenRuns(meter: MetricMeter, workflow: Pick<Client["workflow"], "count">, onError: (error: unknown) => void): () => void {
  const gauge = meter.createGauge("rlm_open_runs", "int", "", "Open runs of the namespace, by status: the same in every worker");
  const ended = new AbortController();
  const count = async (query: string): Promise<number> => (await workflow.count(query)).count;
  const tell = async (): Promise<void> => {
    const [open, blocked, paused] = await Promise.all([count(OPEN), countStatus("blocked", count), countStatus("paused", count)]);
    for (const [status, value] of Object.entries({ running: Math.max(0, open - blocked - paused), blocked, paused })) gauge.set(value, { status });
  };
  const watch = async (): Promise<void> => {
    for (let failing = false; ; await sleep(ASK_EVERY_MS, undefined, { signal: ended.signal, ref: false })) {
      try {
        await tell();
        failing = false;
      } catch (error) {
        if (!failing) onError(error);
        failing = true;
      }
    }
  };
  watch().catch(() => undefined);
  return () => ended.abort();
}

function countStatus(status: "blocked" | "paused", count: (query: string) => Promise<number>): Promise<number> {
  return count(`${OPEN} AND ${SEARCH_ATTRIBUTES.status.name} = "${status}"`);
}
