import { median } from "../numbers.js";
import { type BenchChain, type Rig, timed } from "./rig.js";
import { MEGABYTE, type SandboxRow } from "./row.js";
import type { SandboxSizes } from "./sizes.js";
import { answerAll } from "./answer.js";
import { privateBytes } from "./process-memory.js";

/** Start, boot, host calls and the weight of a parked session. */
export async function measureStart(rig: Rig, sizes: SandboxSizes, repeat: number): Promise<SandboxRow[]> {
  const boots: number[] = [];
  const starts: number[] = [];
  const firstCalls: number[] = [];
  const calls: number[] = [];
  const parked: number[] = [];
  for (let i = 0; i < repeat; i++) {
    const { result: session, ms } = await timed(() => rig.boot());
    boots.push(ms);
    const { result: chain, ms: startMs } = await timed(() => firstCell(rig, session));
    starts.push(startMs);
    firstCalls.push(await hostCallMicroseconds(chain, sizes.hostCalls));
    // As the prototype was measured: once V8 has compiled what is called often.
    for (let batch = 0; batch < 4; batch++) await hostCallMicroseconds(chain, sizes.hostCalls);
    calls.push(await hostCallMicroseconds(chain, sizes.hostCalls));
    const { timings } = await chain.run("1");
    parked.push((privateBytes(session.pid) - timings.heapBytes) / MEGABYTE);
    await rig.close(chain);
  }
  const bootMs = median(boots);
  return [
    row("new session from a warm pool, to first cell done", "120–127 ms with Temporal", "≤ 60 ms without it", starts, "ms", "binding no inputs, first commit, `print(1)` and its commit"),
    row("boot from base image", "310–440 ms", "≤ 400 ms", boots, "ms", `cold boot and capture ${rig.coldBootMs.toFixed(0)} ms; ratio ${(bootMs / rig.coldBootMs).toFixed(2)} (reach ≤ 0.18)`),
    row("host call round trip", "75–99 µs", "≤ 120 µs", calls, "µs", `${sizes.hostCalls} calls in one cell, answered at once by the host, after 5 times as many; the first ${sizes.hostCalls} of a session ${median(firstCalls).toFixed(0)} µs each`),
    row("memory of a parked session beyond its heap", "~135 MB private", "≤ 110 MB", parked, "MB", "private memory of all its processes, less linear memory"),
  ];
}

async function firstCell(rig: Rig, session: Parameters<Rig["begin"]>[1]): Promise<BenchChain> {
  const { chain } = await rig.begin([], session);
  await chain.run("print(1)");
  return chain;
}

async function hostCallMicroseconds(chain: BenchChain, calls: number): Promise<number> {
  const { ms } = await timed(() => answerAll(chain, `for _ in range(${calls}): llm_query('x')`));
  const { ms: emptyMs } = await timed(() => answerAll(chain, "pass"));
  return ((ms - emptyMs) * 1000) / calls;
}

function row(measured: string, prototype: string, reach: string, values: readonly number[], unit: SandboxRow["unit"], detail: string): SandboxRow {
  return { measured, prototype, reach, values, unit, detail };
}
