import { Runtime } from "@temporalio/worker";
import type { Logger } from "pino";
import { temporalLogger } from "../logger.js";

const COST_BUCKETS_USD = [0.0001, 0.001, 0.01, 0.1, 1, 10];
const SIZE_BUCKETS_BYTES = [4, 5, 6, 7, 8, 9].map((power) => 10 ** power);

/**
 * Temporal's runtime of a process of ours.
 * @param metrics `host:port` on which Prometheus may ask; `null`: no metrics are kept
 * @throws Error nothing can listen there
 */
export function installRuntime(logger: Logger, metrics: string | null): Runtime {
  try {
    return Runtime.install({
      logger: temporalLogger(logger),
      shutdownSignals: [],
      ...(metrics !== null && {
        telemetryOptions: {
          metrics: {
            prometheus: {
              bindAddress: metrics,
              countersTotalSuffix: true,
              useSecondsForDurations: true,
              histogramBucketOverrides: { rlm_model_call_cost_usd: COST_BUCKETS_USD, rlm_snapshot_bytes: SIZE_BUCKETS_BYTES },
            },
          },
        },
      }),
    });
  } catch (cause) {
    throw new Error(`Metrics cannot be served on ${metrics ?? ""}: ${cause instanceof Error ? cause.message : String(cause)}. Choose another address (RLM_METRICS, --metrics), or leave it out.`, { cause });
  }
}
