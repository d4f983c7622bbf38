import type { JournalEntry } from "../../src/repl/session.js";
import { answerAll } from "./answer.js";
import { median } from "../numbers.js";
import { type BenchChain, ordinaryTurn, type Rig, timed } from "./rig.js";
import { MEGABYTE, type SandboxRow } from "./row.js";
import type { SandboxSizes } from "./sizes.js";

/** Kill in mid-cell, and restores from long chains. */
export async function measureRecovery(rig: Rig, sizes: SandboxSizes, repeat: number): Promise<SandboxRow[]> {
  const kills: number[] = [];
  const coldKills: number[] = [];
  const restores: number[] = [];
  const coldRestores: number[] = [];
  const boots: number[] = [];
  let [parts, megabytes] = [0, 0];
  for (let i = 0; i < repeat; i++) {
    coldKills.push(await killToFinished(rig, sizes, { ahead: false }));
    kills.push(await killToFinished(rig, sizes, { ahead: true }));
    const { chain } = await rig.begin();
    for (let turn = 0; turn < sizes.chainTurns; turn++) await chain.run(ordinaryTurn(turn));
    [parts, megabytes] = [chain.parts.length, chain.parts.reduce((sum, { length }) => sum + length, 0) / MEGABYTE];
    const { result: cold, ms: coldMs } = await timed(() => rig.restore(chain));
    coldRestores.push(coldMs);
    await rig.prepareAhead();
    const { result: restored, ms } = await timed(() => rig.restoreAhead(chain));
    restores.push(ms);
    const { result: booted, ms: bootMs } = await timed(() => rig.boot());
    boots.push(bootMs);
    await rig.close(chain, cold, restored);
    await booted[Symbol.asyncDispose]();
  }
  const ratio = median(coldRestores) / median(boots);
  return [
    { measured: `kill -9 mid-cell to cell finished on another process (${((sizes.heapBytes + 30e6) / MEGABYTE).toFixed(0)} MB heap)`, prototype: "500 ms", reach: "≤ 450 ms", values: kills, unit: "ms", detail: `restore in a process started ahead, replay of two host calls, the rest of the cell and its commit; in a new process ${median(coldKills).toFixed(0)} ms` },
    { measured: `restore after ${sizes.chainTurns} turns`, prototype: "780 ms (450 rebased)", reach: "≤ 400 ms", values: restores, unit: "ms", detail: `a chain of ${parts} parts, ${megabytes.toFixed(1)} MB, in a process started ahead; in a new one ${median(coldRestores).toFixed(0)} ms, ratio to a boot from the base image ${ratio.toFixed(2)}` },
  ];
}

async function killToFinished(rig: Rig, sizes: SandboxSizes, { ahead }: { readonly ahead: boolean }): Promise<number> {
  const { chain } = await rig.begin();
  await chain.run(`import random\nheap = [random.randbytes(1000) + b'x' * 3000 for _ in range(${Math.round(sizes.heapBytes / 4000)})]`);
  const code = "a = llm_query('one'); b = llm_query('two'); c = len(heap)";
  const journal: JournalEntry[] = [];
  let step = await chain.exec(code);
  for (let call = 0; call < 2 && step.status === "suspended"; call++) {
    const outcome = { outcomes: [{ text: "y" }], llmCallsUsed: call + 1 };
    journal.push({ reads: step.reads, requestHash: step.requestHash, outcome });
    if (call === 0) step = await chain.session.resume(outcome);
  }
  if (ahead) await rig.prepareAhead();
  process.kill(chain.session.pid, "SIGKILL");
  const { result, ms } = await timed(async (): Promise<BenchChain> => {
    await chain.session.exited;
    const again = await (ahead ? rig.restoreAhead(chain) : rig.restore(chain));
    await again.run(code, { journal });
    return again;
  });
  await answerAll(result, "assert c == len(heap)");
  await rig.close(chain, result);
  return ms;
}
