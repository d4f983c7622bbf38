import { repeated, type Measurement } from "../measurement.js";
import { formatMs, median, medianOf } from "../numbers.js";
import { named, spacings, workMs } from "../run-history.js";

const DELAYS_MS = [0, 100];

/** Sub-calls one after the other in one cell: the fused path, one activity a call. */
export const sequentialCalls: Measurement = {
  key: "calls",
  title: "Sequential sub-calls",
  async measure(bench) {
    const { cluster, cleanup, sizes } = bench;
    await cluster.startWorker(cleanup);
    const rows = [];
    for (const delayMs of DELAYS_MS) {
      await cluster.model.script([`r = [llm_query(f"q{i}") for i in range(${sizes.sequentialCalls})]\nSUBMIT(answer=str(len(r)))`], delayMs);
      const runs = await repeated(bench, async () => named((await cluster.run()).history.spans, "callAndResume"));
      const work = median(runs.map((calls) => medianOf(calls, workMs)));
      const timesMs = runs.map((calls) => median(spacings(calls)));
      const fused = runs.every((calls) => calls.length === sizes.sequentialCalls) ? "all fused" : "NOT all fused";
      rows.push({
        measured: `one sequential sub-call, ${delayMs} ms model (${sizes.sequentialCalls} in a cell)`,
        timesMs,
        detail: `${fused}; activity ${formatMs(work)} (without the model's delay ${formatMs(work - delayMs)}), Temporal ${formatMs(median(timesMs) - work)}`,
        reach: delayMs === 0 ? "≤ 25 ms" : null,
      });
    }
    return rows;
  },
};
