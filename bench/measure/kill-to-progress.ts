import { repeated, type Measurement, type Row } from "../measurement.js";
import { formatMs, medianOf } from "../numbers.js";
import { STRIKES } from "../progress/strike.js";
import { struckRun, type Progress } from "../progress/struck-run.js";
import { turnParts, type TurnParts } from "./turn.js";

/** From a hit until the session is alive again, by what is hit and when; then what durability adds to a turn that nothing happens to. 70 MB heap. */
export const killToProgress: Measurement = {
  key: "progress",
  title: "Kill to progress",
  async measure(bench) {
    const rows: Row[] = [];
    for (const strike of STRIKES) {
      bench.say(`  ${strike.measured} …`);
      const hits = await struckRun(bench, strike);
      bench.say(`    ${hits.map(({ aliveMs }) => formatMs(aliveMs)).join(", ")}`);
      rows.push({
        measured: strike.measured,
        timesMs: hits.map(({ aliveMs }) => aliveMs),
        detail: detailOf(hits),
        reach: strike.reach,
      });
    }
    return rows;
  },
};

function detailOf(hits: readonly Progress[]): string {
  const of = (pick: (hit: Progress) => number): string => formatMs(medianOf(hits, pick));
  const restarted = hits.some(({ readyMs }) => !Number.isNaN(readyMs)) ? `, new worker ready after ${of(({ readyMs }) => readyMs)}` : "";
  return `first task given up after ${of(({ noticedMs }) => noticedMs)}${restarted}, session's step taken after ${of(({ takenMs }) => takenMs)}, done in ${of(({ restoreMs }) => restoreMs)}`;
}

const MODEL_MS = 1000;
const TURNS = 4;

/** What is left of a turn without its model call and without Python. */
export const durabilityShare: Measurement = {
  key: "share",
  title: "Durability's share",
  async measure(bench) {
    const { cluster, cleanup } = bench;
    await cluster.startWorker(cleanup);
    const cells = Array.from({ length: TURNS + 1 }, (_, i) => `x = ${i}\nprint("turn", x)`);
    const turns = [...cells, "SUBMIT(answer=str(x))"].map((cell) => `\`\`\`python\n${cell}\n\`\`\``);
    await cluster.model.setRules([{ name: "root", turns, delayMs: MODEL_MS }]);
    const parts = (await repeated(bench, async () => turnParts(bench, (await cluster.run()).history))).flat();
    const added = ({ totalMs, httpMs, pythonMs }: TurnParts): number => totalMs - httpMs - pythonMs;
    return [
      {
        measured: `what durability adds to a turn with a ${MODEL_MS / 1000} s model call`,
        timesMs: parts.map(added),
        detail: `${(100 * medianOf(parts, (each) => added(each) / each.totalMs)).toFixed(1)} % of the turn`,
        reach: "≤ 6 %",
      },
    ];
  },
};
