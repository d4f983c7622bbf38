import type { PlanRecord, TurnRecord } from "../../src/core/trajectory.js";
import type { PlanResult } from "../../src/core/root-call-wire.js";
import type { FinishedResult } from "../../src/core/wire.js";
import { getRecord } from "../../src/journal/records.js";
import { repeated, type Bench, type Measurement } from "../measurement.js";
import { formatMs, medianOf } from "../numbers.js";
import { named, workMs, type RunHistory } from "../run-history.js";

/** Parts of a turn; together they are the whole. */
export interface TurnParts {
  readonly totalMs: number;
  /** The root call's activity, of it the HTTP exchange. */
  readonly modelMs: number;
  readonly httpMs: number;
  /** The cell's activity, of it Python's time; the rest is capture, compression and durable writes. */
  readonly cellMs: number;
  readonly pythonMs: number;
  /** Everything else: from the end of an activity until the next is in a worker's hands. */
  readonly temporalMs: number;
}

/** What a turn costs when neither the model nor the cell takes time. */
export const turnOverhead: Measurement = {
  key: "turn",
  title: "Turn overhead",
  async measure(bench) {
    const { cluster, cleanup, sizes } = bench;
    await cluster.startWorker(cleanup);
    const cells = Array.from({ length: sizes.turns }, (_, i) => `x = ${i}\nprint("turn", x)`);
    await cluster.model.script([...cells, "SUBMIT(answer=str(x))"]);
    await cluster.run();
    const runs = await repeated(bench, async () => turnParts(bench, (await cluster.run()).history));
    const of = (pick: (parts: TurnParts) => number): string => formatMs(medianOf(runs.flat(), pick));
    return [
      {
        measured: `turn, 0 ms model (${sizes.turns} trivial turns)`,
        timesMs: runs.map((parts) => medianOf(parts, ({ totalMs }) => totalMs)),
        detail:
          `model activity ${of((p) => p.modelMs)} (HTTP ${of((p) => p.httpMs)}), cell activity ${of((p) => p.cellMs)} ` +
          `(Python ${of((p) => p.pythonMs)}, snapshot and writes ${of((p) => p.cellMs - p.pythonMs)}), Temporal ${of((p) => p.temporalMs)}`,
        reach: "≤ 50 ms",
      },
    ];
  },
};

/** All turns but the first, which pays for what is loaded once, and the last, which has no next. */
export async function turnParts({ cluster: { store } }: Bench, { spans }: RunHistory): Promise<TurnParts[]> {
  const plans = named(spans, "planTurn");
  const cells = named(spans, "executeCell");
  const parts = plans.slice(1, -1).map(async (plan, i): Promise<TurnParts[]> => {
    const cell = cells[i + 1];
    const next = plans[i + 2];
    if (cell === undefined || next === undefined) return [];
    const [planRecord, turnRecord] = await Promise.all([
      getRecord<PlanRecord>(store, (plan.result as PlanResult).planRef),
      getRecord<TurnRecord>(store, (cell.result as FinishedResult).trajectoryRef),
    ]);
    const totalMs = next.scheduledAtMs - plan.scheduledAtMs;
    const [modelMs, cellMs] = [workMs(plan), workMs(cell)];
    return [{ totalMs, modelMs, cellMs, httpMs: planRecord.durationMs, pythonMs: turnRecord.cellMs, temporalMs: totalMs - modelMs - cellMs }];
  });
  return (await Promise.all(parts)).flat();
}
