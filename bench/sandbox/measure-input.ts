import type { SessionInput } from "../../src/repl/session.js";
import { median, medianOf } from "../numbers.js";
import { peakBytes } from "./process-memory.js";
import { type BenchChain, ordinaryTurn, type Rig, timed } from "./rig.js";
import { MEGABYTE, type SandboxRow } from "./row.js";
import type { SandboxSizes } from "./sizes.js";

interface Measured {
  readonly loadMs: number;
  readonly firstCommitMs: number;
  readonly peakMegabytes: number;
  readonly blockingMs: number;
  readonly turnMegabytes: number;
  /** Of all of them: one in four also takes over the parts before it. */
  readonly meanTurnMegabytes: number;
  readonly temporaryMegabytes: number;
  readonly afterTemporaryMs: number;
  readonly restoreMs: number;
  /** In a new process. */
  readonly coldRestoreMs: number;
}

/** Loading, turns and restores with a large input, each beside the same without one. */
export async function measureInput(rig: Rig, sizes: SandboxSizes, repeat: number): Promise<SandboxRow[]> {
  const input = await rig.input("text", largeText(sizes.inputBytes));
  const withInput: Measured[] = [];
  const without: Measured[] = [];
  for (let i = 0; i < repeat; i++) {
    without.push(await measureOne(rig, sizes, []));
    withInput.push(await measureOne(rig, sizes, [input]));
  }
  const size = `${(sizes.inputBytes / MEGABYTE).toFixed(0)} MB ASCII`;
  const values = (pick: (one: Measured) => number): number[] => withInput.map(pick);
  const plain = (pick: (one: Measured) => number): number => medianOf(without, pick);
  const ratio = median(values(({ blockingMs }) => blockingMs)) / plain(({ blockingMs }) => blockingMs);
  return [
    { measured: `commit blocking part, ordinary turn, ${size} input`, prototype: "5.6 ms (75 without extents)", reach: "≤ 6 ms", values: values(({ blockingMs }) => blockingMs), unit: "ms", detail: `without input ${plain(({ blockingMs }) => blockingMs).toFixed(1)} ms; ratio ${ratio.toFixed(2)} (reach ≤ 1.2); ${plain(({ afterTemporaryMs }) => afterTemporaryMs).toFixed(1)} ms after a large temporary` },
    { measured: "snapshot bytes of that turn", prototype: "0.99 MB", reach: "≤ 0.7 MB", values: values(({ turnMegabytes }) => turnMegabytes), unit: "MB", detail: `without input ${plain(({ turnMegabytes }) => turnMegabytes).toFixed(2)} MB; mean of all turns, those that take over earlier parts included, ${plain(({ meanTurnMegabytes }) => meanTurnMegabytes).toFixed(2)} MB` },
    { measured: `snapshot bytes of a turn that made and dropped ${(sizes.temporaryBytes / MEGABYTE).toFixed(0)} MB`, prototype: "0.71 MB (215 MB without scrub)", reach: "≤ 1 MB", values: values(({ temporaryMegabytes }) => temporaryMegabytes), unit: "MB", detail: "of bytes that are not zero" },
    { measured: `restore with ${size} input (blob in local cache)`, prototype: "650 ms (1,900 without extents)", reach: "≤ 600 ms", values: values(({ restoreMs }) => restoreMs), unit: "ms", detail: `in a process started ahead; in a new one ${medianOf(withInput, ({ coldRestoreMs }) => coldRestoreMs).toFixed(0)} ms. Without input ${plain(({ restoreMs }) => restoreMs).toFixed(0)} and ${plain(({ coldRestoreMs }) => coldRestoreMs).toFixed(0)} ms` },
    { measured: `load ${size} into \`str\``, prototype: "330 ms", reach: "≤ 350 ms", values: values(({ loadMs }) => loadMs), unit: "ms", detail: `the start of the session, less the same without input (${plain(({ loadMs }) => loadMs).toFixed(0)} ms)` },
    { measured: "its first commit", prototype: "69 ms", reach: "≤ 70 ms", values: values(({ firstCommitMs }) => firstCommitMs), unit: "ms", detail: `without input ${plain(({ firstCommitMs }) => firstCommitMs).toFixed(0)} ms; base image of its own apart` },
    { measured: "its peak memory", prototype: "695 MB", reach: "≤ 680 MB", values: values(({ peakMegabytes }) => peakMegabytes), unit: "MB", detail: `resident, of the sandbox process; without input ${plain(({ peakMegabytes }) => peakMegabytes).toFixed(0)} MB` },
  ];
}

async function measureOne(rig: Rig, sizes: SandboxSizes, inputs: readonly SessionInput[]): Promise<Measured> {
  const { chain, started, ms } = await rig.begin(inputs);
  const { captureMs, compressMs } = started.timings;
  const peakMegabytes = peakBytes(chain.session.pid) / MEGABYTE;
  const turns = await ordinaryTurns(chain, sizes.turns);
  const temporary = await unmerged(chain, `import os; block = os.urandom(1 << 20); pile = block * (${sizes.temporaryBytes} >> 20); n = len(pile); del pile, block`);
  const after = await ordinaryTurns(chain, Math.min(3, sizes.turns));
  // As after a kill or an eviction: the process that had it all is gone.
  await rig.close(chain);
  const { result: cold, ms: coldRestoreMs } = await timed(() => rig.restore(chain, inputs));
  await rig.close(cold);
  await rig.prepareAhead();
  const { result: restored, ms: restoreMs } = await timed(() => rig.restoreAhead(chain, inputs));
  await rig.close(restored);
  return {
    loadMs: ms - captureMs - compressMs,
    firstCommitMs: captureMs + compressMs,
    peakMegabytes,
    blockingMs: medianOf(turns, ({ timings }) => timings.captureMs),
    turnMegabytes: medianOf(turns, ({ snapshot }) => snapshot.bytes.length) / MEGABYTE,
    meanTurnMegabytes: turns.reduce((sum, { snapshot }) => sum + snapshot.bytes.length, 0) / turns.length / MEGABYTE,
    temporaryMegabytes: temporary.snapshot.bytes.length / MEGABYTE,
    afterTemporaryMs: medianOf(after, ({ timings }) => timings.captureMs),
    restoreMs,
    coldRestoreMs,
  };
}

/** Until it has written what it has changed itself, and no part before it. */
async function unmerged(chain: BenchChain, code: string): Promise<Awaited<ReturnType<BenchChain["run"]>>> {
  for (;;) {
    const before = chain.parts.length;
    const step = await chain.run(code);
    if (step.snapshot.keptParts === before) return step;
  }
}

async function ordinaryTurns(chain: BenchChain, turns: number): Promise<Awaited<ReturnType<BenchChain["run"]>>[]> {
  const steps = [];
  for (let i = 0; i < turns; i++) steps.push(await chain.run(ordinaryTurn(i)));
  return steps;
}

function largeText(bytes: number): Uint8Array {
  const line = "2026-01-31 14:22:33 service=checkout status=200 latency=17 ms user=1234567\n";
  return Buffer.from(line.repeat(Math.ceil(bytes / line.length))).subarray(0, bytes);
}
