import type { MetricMeter } from "@temporalio/common";
import type { Observe } from "../../src/core/work-fact.js";

/**
 * Our own metrics beside the SDK's, on its meter: without an exporter they cost nothing. Names carry their unit; what each counts is in docs/observability.md.
 * Of this process: sums over workers are the operator's query.
 */
export function recordMetrics(meter: MetricMeter): Observe {
  const closed = meter.createCounter("rlm_runs_closed", "", "Runs that this worker closed, by status");
  const turns = meter.createCounter("rlm_turns", "", "Turns whose record is durable, by how they ended");
  const cells = meter.createHistogram("rlm_cell_seconds", "float", "", "Time in Python of a turn, without host calls");
  const calls = meter.createCounter("rlm_model_calls", "", "Requests sent to model servers, by model, role and outcome; each try counts");
  const callSeconds = meter.createHistogram("rlm_model_call_seconds", "float", "", "From sending a request to its whole answer");
  const tokens = meter.createCounter("rlm_model_tokens", "", "Tokens by model, role and direction; cached ones are a part of the input");
  const costs = meter.createHistogram("rlm_model_call_cost_usd", "float", "", "Cost of an answered call whose price is known; the sum is the money");
  const tools = meter.createCounter("rlm_tool_calls", "", "Runs of tools, by tool and outcome");
  const toolSeconds = meter.createHistogram("rlm_tool_call_seconds", "float", "", "Time in a tool");
  const snapshotBytes = meter.createHistogram("rlm_snapshot_bytes", "int", "", "Snapshots as stored, compressed");
  const snapshotSeconds = meter.createHistogram("rlm_snapshot_write_seconds", "float", "", "Compressing and storing a snapshot");
  const opened = meter.createHistogram("rlm_session_open_seconds", "float", "", "Sandboxes made ready for a run: new, restored from a snapshot, rebuilt by running turns again");
  return (fact) => {
    switch (fact.type) {
      case "run-closed":
        return closed.add(1, { status: fact.status });
      case "turn":
        turns.add(1, { end: fact.end });
        if (fact.cellMs > 0) cells.record(fact.cellMs / 1000);
        return;
      case "model-call": {
        const { model, role, outcome, usage } = fact;
        calls.add(1, { model, role, outcome });
        callSeconds.record(fact.durationMs / 1000, { model, role, outcome });
        if (outcome !== "answered") return;
        for (const [direction, count] of [["input", usage.inputTokens], ["output", usage.outputTokens], ["cached", usage.cachedTokens]] as const) tokens.add(count, { model, role, direction });
        if (usage.costUsd !== null) costs.record(usage.costUsd, { model, role });
        return;
      }
      case "tool-call":
        tools.add(1, { tool: fact.tool, outcome: fact.outcome });
        return toolSeconds.record(fact.durationMs / 1000, { tool: fact.tool });
      case "snapshot":
        snapshotBytes.record(fact.bytes);
        return snapshotSeconds.record(fact.durationMs / 1000);
      case "session":
        return opened.record(fact.durationMs / 1000, { how: fact.how });
    }
  };
}

export interface SessionCounts {
  readonly running: number;
  readonly parked: number;
  readonly pooled: number;
}

const GAUGE_INTERVAL_MS = 1_000;

/** Keeps the number of sandboxes of this process in a gauge. Returns what ends it. */
export function watchSessions(meter: MetricMeter, counts: () => SessionCounts): () => void {
  const sessions = meter.createGauge("rlm_sessions", "int", "", "Sandboxes of this worker: running a cell, parked between steps, booted ahead");
  const tell = (): void => {
    for (const [state, count] of Object.entries(counts())) sessions.set(count, { state });
  };
  tell();
  const timer = setInterval(tell, GAUGE_INTERVAL_MS).unref();
  return () => clearInterval(timer);
}
