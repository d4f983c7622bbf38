import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { text } from "node:stream/consumers";
import { packageRoot } from "../../src/stack/package-files.js";
import type { ScriptedRule } from "../../src/testing/index.js";
import type { Bench, Measurement, Row } from "../measurement.js";
import { formatBytes, median } from "../numbers.js";
import { ROOT_MODEL, SUB_MODEL } from "../setup/model-process.js";
import { ownChild } from "../setup/own-child.js";

/** What `dspy_rlm.py` prints for a repetition. Times count from the call of `dspy.RLM`. */
interface DspyRun {
  readonly cells: readonly { readonly endedMs: number; readonly tookMs: number }[];
  /** Of Python and of its largest child. */
  readonly peakBytes: readonly number[];
}

const PYTHON = "python3";
const BATCH_DELAY_MS = 100;

/** dspy.RLM on the same model server, where Python has it. Its sandbox downloads modules when it first runs. */
export const dspyPeer: Measurement = {
  key: "dspy",
  title: "dspy.RLM, where it is installed",
  /** A peer that does not run is said and left out: it is no fault of the bench. */
  async measure(bench) {
    return measureDspy(bench).catch((error: unknown) => {
      bench.say(`dspy.RLM is left out: ${error instanceof Error ? error.message : String(error)}`);
      return [];
    });
  },
};

async function measureDspy(bench: Bench): Promise<Row[]> {
  const version = spawnSync(PYTHON, ["-c", "import dspy; print(dspy.__version__)"], { encoding: "utf8" });
  if (version.status !== 0) {
    bench.say(`${PYTHON} has no dspy; it is left out.`);
    return [];
  }
  const { turns, sequentialCalls, batchCalls, inputBytes } = bench.sizes;
  const trivial = Array.from({ length: turns }, (_, i) => `x = ${i}\nprint("turn", x)`);
  const calls = [`r = [llm_query(f"q{i}") for i in range(${sequentialCalls})]\nprint(len(r))`, `r = llm_query_batched([f"slow {i}" for i in range(${batchCalls})])\nprint(len(r))`];
  const small = await runDspy(bench, [...trivial, ...calls], 1000);
  const large = await runDspy(bench, trivial.slice(0, 4), inputBytes);
  const name = `dspy.RLM ${version.stdout.trim()}`;
  const row = (measured: string, runs: readonly DspyRun[], timeMs: (run: DspyRun) => number, detail = "no durability"): Row => ({ measured: `${name}: ${measured}`, timesMs: runs.map(timeMs), detail, reach: null });
  return [
    row("call to first cell done", small, firstCellMs),
    row("turn, 0 ms model", small, (run) => turnMs(run, turns)),
    row("one sequential sub-call, 0 ms model", small, ({ cells }) => (cells[turns]?.tookMs ?? Number.NaN) / sequentialCalls),
    row(`${batchCalls} calls of ${BATCH_DELAY_MS} ms in one batch`, small, ({ cells }) => cells[turns + 1]?.tookMs ?? Number.NaN),
    row(`${formatBytes(inputBytes)} input: call to first cell done`, large, firstCellMs, peaks(large)),
    row(`${formatBytes(inputBytes)} input: each further turn`, large, (run) => turnMs(run, 4)),
  ];
}

async function runDspy({ cluster, cleanup, repeat }: Bench, cells: readonly string[], inputBytes: number): Promise<DspyRun[]> {
  await cluster.model.setRules(dspyRules([...cells, 'SUBMIT(answer="done")']));
  const asked = { baseUrl: cluster.model.url, inputBytes, repeat, maxIterations: cells.length + 5, maxCalls: 1_000_000 };
  const root = packageRoot();
  const child = spawn(PYTHON, [path.join(root, "bench", "peers", "dspy_rlm.py"), JSON.stringify(asked)], {
    // dspy looks for Deno on PATH: ours will do.
    env: { ...process.env, PATH: `${path.join(root, "node_modules", ".bin")}${path.delimiter}${process.env["PATH"] ?? ""}` },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  ownChild(child, cleanup);
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit") as Promise<[number | null]>]);
  if (code !== 0) throw new Error(`${PYTHON} ended with ${code}; its sandbox may miss what it downloads. ${stderr.split("\n").findLast((line) => /error/i.test(line)) ?? ""}`);
  return stdout.trim().split("\n").map((line) => JSON.parse(line) as DspyRun);
}

/** dspy sends the whole conversation in one message; the turn is in it. */
function dspyRules(cells: readonly string[]): ScriptedRule[] {
  const turns = cells.map((cell, i): ScriptedRule => ({
    name: `root ${i + 1}`,
    when: { model: ROOT_MODEL, last: `[[ ## iteration ## ]]\n${i + 1}/` },
    reply: `[[ ## reasoning ## ]]\nNext step.\n\n[[ ## code ## ]]\n\`\`\`python\n${cell} # cell\n\`\`\`\n\n[[ ## completed ## ]]`,
  }));
  const sub = { model: SUB_MODEL };
  return [...turns, { name: "slow", when: { ...sub, last: "slow" }, reply: "ok", delayMs: BATCH_DELAY_MS }, { name: "sub", when: sub, reply: "ok" }];
}

function firstCellMs({ cells }: DspyRun): number {
  return cells[0]?.endedMs ?? Number.NaN;
}

/** Median time between the ends of the first `count` cells. */
function turnMs({ cells }: DspyRun, count: number): number {
  const ends = cells.slice(0, count).map(({ endedMs }) => endedMs);
  return median(ends.slice(1).map((end, i) => end - (ends[i] ?? end)));
}

function peaks(runs: readonly DspyRun[]): string {
  const of = (index: number): string => formatBytes(median(runs.map(({ peakBytes }) => peakBytes[index] ?? 0)));
  return `peak memory: Python ${of(0)}, its sandbox ${of(1)}`;
}
