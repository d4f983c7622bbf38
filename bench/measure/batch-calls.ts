import { repeated, type Measurement } from "../measurement.js";
import { formatMs, medianOf } from "../numbers.js";
import { named, type RunHistory } from "../run-history.js";

const CASES = [
  { delayMs: 0, wide: true },
  { delayMs: 0, wide: false },
  { delayMs: 100, wide: true },
  { delayMs: 100, wide: false },
];
/** `--max-concurrency` when nothing is said. */
const DEFAULT_CONCURRENCY = 64;

/** Many sub-calls at once, as many in flight as asked for, and as many as by default. */
export const batchCalls: Measurement = {
  key: "batch",
  title: "Batched sub-calls",
  async measure(bench) {
    const { cluster, cleanup, sizes: { batchCalls: count } } = bench;
    await cluster.startWorker(cleanup);
    const rows = [];
    for (const { delayMs, wide } of CASES) {
      const maxConcurrency = wide ? count : DEFAULT_CONCURRENCY;
      await cluster.model.script([`r = llm_query_batched([f"q{i}" for i in range(${count})])\nSUBMIT(answer=str(len(r)))`], delayMs);
      const runs = await repeated(bench, async () => batchTimes((await cluster.run({ limits: { maxConcurrency } })).history));
      rows.push({
        measured: `${count} calls of ${delayMs} ms in one batch, ${maxConcurrency} at once`,
        timesMs: runs.map(({ totalMs }) => totalMs),
        detail:
          `calls alone ${formatMs(medianOf(runs, ({ callsMs }) => callsMs))}, cell before ${formatMs(medianOf(runs, ({ beforeMs }) => beforeMs))} ` +
          `and after ${formatMs(medianOf(runs, ({ afterMs }) => afterMs))}; ${medianOf(runs, ({ events }) => events)} history events in the run`,
        reach: delayMs === 100 && wide ? "≤ 1.2 s" : null,
      });
    }
    return rows;
  },
};

/** The whole cell, from its start with the asking to its end with all answers read. */
function batchTimes({ spans, events }: RunHistory) {
  const [asked] = named(spans, "executeCell");
  const [resumed] = named(spans, "resumeCell", "callAndResume");
  const calls = named(spans, "callLlmSlice", "callLlm");
  if (asked === undefined || resumed === undefined) throw new Error("The batch's cell was not suspended.");
  const firstAtMs = Math.min(...calls.map(({ scheduledAtMs }) => scheduledAtMs));
  const lastAtMs = Math.max(...calls.map(({ endedAtMs }) => endedAtMs));
  return {
    totalMs: resumed.endedAtMs - asked.scheduledAtMs,
    callsMs: lastAtMs - firstAtMs,
    beforeMs: firstAtMs - asked.scheduledAtMs,
    afterMs: resumed.endedAtMs - lastAtMs,
    events,
  };
}
