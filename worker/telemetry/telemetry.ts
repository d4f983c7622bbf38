import type { MetricMeter } from "@temporalio/common";
import type { Logger } from "pino";
import type { Observe, WorkFact } from "../../src/core/work-fact.js";
import type { WorkerConfig } from "../config.js";
import { logFacts } from "./log-facts.js";
import { recordMetrics } from "./metrics.js";

/** Who is told of what a worker does. */
export interface Telemetry {
  readonly meter: MetricMeter;
  readonly observe: Observe;
  /** Sends what is left. */
  end(): Promise<void>;
}

/** @param meter of Temporal's runtime; without an exporter it costs nothing, as do spans that nobody wants */
export async function startTelemetry({ traces, workerId }: Pick<WorkerConfig, "traces" | "workerId">, logger: Logger, meter: MetricMeter): Promise<Telemetry> {
  const spans = traces === null ? null : (await import("./export-spans.js")).exportSpans(traces.url, traces.content, workerId);
  const observers = [logFacts(logger), recordMetrics(meter), ...(spans === null ? [] : [spans.observe])];
  /** Work goes on whatever becomes of the word about it. */
  const tell = (observe: Observe, fact: WorkFact): void => {
    try {
      observe(fact);
    } catch (error) {
      logger.warn({ error: String(error), fact: fact.type }, "a fact could not be told");
    }
  };
  return {
    meter,
    observe: (fact) => observers.forEach((observe) => tell(observe, fact)),
    end: async () => spans?.shutdown().catch((error: unknown) => logger.warn({ error: String(error) }, "spans could not be sent")),
  };
}
