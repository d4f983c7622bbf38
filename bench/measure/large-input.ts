import { setTimeout as sleep } from "node:timers/promises";
import type { RunInputDescriptor } from "../../src/core/run-spec.js";
import { repeated, type Bench, type Measurement } from "../measurement.js";
import { withPeakMemory, type PeakMemory } from "../memory.js";
import { formatBytes, formatMs, medianOf } from "../numbers.js";
import { firstCell, named, spacings } from "../run-history.js";
import { POOL_REFILL_MS } from "./first-cell.js";
import { medianOfPeaks } from "./peaks.js";

/** A large text as input against a small one, each on a worker of its own, so that the memory is that of one run. */
export const largeInput: Measurement = {
  key: "input",
  title: "Large input",
  async measure(bench) {
    const { sizes: { inputBytes, turns } } = bench;
    const large = await repeated(bench, (repetition) => runWith(bench, inputBytes, repetition));
    const small = await repeated(bench, (repetition) => runWith(bench, 1, repetition));
    const of = (pick: (run: InputRun) => number): string => formatMs(medianOf(large, pick));
    const size = formatBytes(inputBytes);
    return [
      {
        measured: `${size} input: call to first cell done, running stack`,
        timesMs: large.map(({ firstCellMs }) => firstCellMs),
        detail: `of it storing the input ${of(({ storeMs }) => storeMs)}, new session with the input ${of(({ beginMs }) => beginMs)}; with a small input ${formatMs(medianOf(small, ({ firstCellMs }) => firstCellMs))}`,
        reach: "≤ 1.2 s",
      },
      {
        measured: `${size} input: each further turn (${turns} turns)`,
        timesMs: large.map(({ turnMs }) => turnMs),
        detail: `with a small input ${formatMs(medianOf(small, ({ turnMs }) => turnMs))}; peak memory: ${medianOfPeaks(large)}; with a small input: ${medianOfPeaks(small)}`,
        reach: "as without input; ≤ 0.4 GB",
      },
    ];
  },
};

interface InputRun {
  readonly storeMs: number;
  readonly firstCellMs: number;
  readonly beginMs: number;
  readonly turnMs: number;
  readonly peak: PeakMemory;
}

async function runWith({ cluster, cleanup, sizes }: Bench, bytes: number, repetition: number): Promise<InputRun> {
  const cells = Array.from({ length: sizes.turns }, (_, i) => `x = len(text) + ${i}\nprint(x)`);
  await cluster.model.script([...cells, "SUBMIT(answer=str(x))"]);
  const worker = await cluster.startWorker(cleanup);
  const store = async (length: number): Promise<RunInputDescriptor> => ({ name: "text", kind: "text", ref: await cluster.store.putStream(lines(length, repetition)) });
  // So that all code is loaded; then a spare session is ready again.
  await cluster.run({ inputs: [await store(1)] });
  await sleep(POOL_REFILL_MS);
  const calledAtMs = Date.now();
  const input = await store(bytes);
  const storeMs = Date.now() - calledAtMs;
  const { result: { history }, peak } = await withPeakMemory(worker.pid, () => cluster.run({ inputs: [input] }));
  await worker.end();
  const { totalMs, begin } = firstCell({ calledAtMs, history });
  const turnTimes = spacings(named(history.spans, "planTurn")).slice(1);
  return { storeMs, firstCellMs: totalMs, beginMs: begin.endedAtMs - begin.startedAtMs, turnMs: medianOf(turnTimes, (ms) => ms), peak };
}

/** Text of a size, other bytes in each repetition: what is known already would not be written again. */
async function* lines(bytes: number, repetition: number): AsyncGenerator<Uint8Array> {
  const line = `2026-01-31 14:22:33 repetition ${repetition} service=checkout status=200 latency=17 ms\n`;
  const chunk = Buffer.from(line.repeat(Math.ceil(1_000_000 / line.length)));
  for (let left = bytes; left > 0; left -= chunk.byteLength) yield chunk.subarray(0, Math.min(left, chunk.byteLength));
}
