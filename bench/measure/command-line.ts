import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { repeated, type Bench, type Measurement, type Row } from "../measurement.js";
import { formatMs, medianOf } from "../numbers.js";
import { firstCell } from "../run-history.js";
import { EmbeddedHome } from "../setup/embedded-home.js";
import { POOL_REFILL_MS } from "./first-cell.js";

interface CommandTimes {
  readonly totalMs: number;
  /** From the start of the command until the workflow exists. */
  readonly acceptedMs: number;
  /** Until the command has ended, after the second turn. */
  readonly commandMs: number;
}

/** From `rlm run` on the command line until the first cell is done. */
export const firstCellByCommand: Measurement = {
  key: "cli",
  title: "Start of a run, from the command line",
  async measure(bench) {
    await bench.cluster.model.script(["print(1)", "SUBMIT(answer='x')"]);
    const fresh = await repeated(bench, () => inFreshHome(bench));
    const home = new EmbeddedHome(bench.cluster, bench.cleanup);
    await runOnce(home);
    const warm = await repeated(bench, async () => {
      await sleep(POOL_REFILL_MS);
      return runOnce(home);
    });
    const cold = await repeated(bench, async () => {
      await home.rlm("down");
      return runOnce(home);
    });
    await home.end();
    return [
      row("`rlm run` to first cell done, running stack", warm, "≤ 0.5 s"),
      row("the same, stack must start, base image exists", cold, "≤ 4 s"),
      row("the same, first start ever, base image is made", fresh, null),
    ];
  },
};

async function inFreshHome({ cluster, cleanup }: Bench): Promise<CommandTimes> {
  const home = new EmbeddedHome(cluster, cleanup);
  const times = await runOnce(home);
  await home.end();
  return times;
}

async function runOnce(home: EmbeddedHome): Promise<CommandTimes> {
  const id = `bench-${randomUUID()}`;
  const { spawnedAtMs: calledAtMs, endedAtMs } = await home.rlm("run", "--id", id, "-s", "question -> answer", "-i", "question=?");
  const { totalMs, acceptedMs } = firstCell({ calledAtMs, history: await home.history(id) });
  return { totalMs, acceptedMs, commandMs: endedAtMs - calledAtMs };
}

function row(measured: string, times: readonly CommandTimes[], reach: string | null): Row {
  const of = (pick: (each: CommandTimes) => number): string => formatMs(medianOf(times, pick));
  return {
    measured,
    timesMs: times.map(({ totalMs }) => totalMs),
    detail: `until the workflow exists ${of(({ acceptedMs }) => acceptedMs)}; the whole command with two turns ${of(({ commandMs }) => commandMs)}`,
    reach,
  };
}
