import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ResultDocument } from "../../src/core/result.js";
import { aimsOf, type Aim, type Blow } from "./aims.js";
import { checkRuns, type EndedRun, type PlayedRun } from "./check-runs.js";
import { readTree } from "./check-histories.js";
import { leftovers } from "./check-leftovers.js";
import { BIG_PART, CALL_TIMEOUT_MS, LONGEST_RUN_MS } from "./knobs.js";
import { modelScript } from "./model-script.js";
import { makeProgram, type Program } from "./program.js";
import { Random } from "./random.js";
import { storyOf } from "./story.js";
import type { State } from "./run-states.js";
import { Storm } from "./storm.js";
import { World } from "./world.js";

export interface PlayedWorld {
  readonly runs: readonly PlayedRun[];
  readonly blows: readonly Blow[];
  readonly durationMs: number;
  /** What is wrong: with a run, by its seed, or with the world as a whole. */
  readonly faults: readonly string[];
  /** Blows, beginnings and ends, and what the runs did; for those who look for a cause. */
  readonly story: string;
}

/**
 * Plays runs of some seeds at the same time in one world, strikes them, and checks all that must hold.
 * @param missed states that one run each is aimed at in besides: those that the campaign has not met often enough
 */
export async function playWorld(seeds: readonly number[], missed: readonly State[] = []): Promise<PlayedWorld> {
  const temporary = await mkdtemp(path.join(tmpdir(), "durable-rlm-chaos-"));
  try {
    const env = { TMPDIR: temporary, RLM_POOL_SIZE: "0" };
    await using world = await World.start(env);
    return await play(world, seeds, missed, temporary, env);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function play(world: World, seeds: readonly number[], missed: readonly State[], temporary: string, env: Record<string, string>): Promise<PlayedWorld> {
  const startedAtMs = Date.now();
  const { cluster, timeline } = world;
  const aims = seeds.map((seed, i) => aimsOf(seed, missed[i]));
  const programs = seeds.map((seed, i) => programOf(seed, aims[i] ?? []));
  const said = new Map<string, string[]>();
  const storm = new Storm(world, programs.map(({ tag }, i) => ({ root: tag, aims: aims[i] ?? [] })), new Random(seeds[0] ?? 0));
  cluster.model.setRules(modelScript(programs, (prompt, nonce) => {
    said.set(prompt, [...(said.get(prompt) ?? []), nonce]);
    storm.replied(prompt.split(" ")[0] ?? "");
  }));
  let open = programs.length;
  const playing = programs.map(async (program, i): Promise<EndedRun> => {
    try {
      return { seed: seeds[i] ?? 0, program, ...(await runToItsEnd(world, program)) };
    } finally {
      open -= 1;
    }
  });
  const [ended] = await Promise.all([Promise.all(playing), storm.rage(() => open === 0)]);
  await world.settled();
  const trees = await Promise.all(programs.map(({ tag }) => readTree(cluster.client, tag)));
  const runs = await checkRuns(cluster, ended, trees, said, timeline.struck);
  await Promise.all([...cluster.workers].map((worker) => worker.stop()));
  const left = await leftovers(cluster, env, temporary, world.pids, world.killed);
  const faults = [...runs.flatMap(({ seed, faults: own }) => own.map((fault) => `seed ${seed}: the run ${fault}`)), ...left];
  return { runs, blows: timeline.struck.map(({ blow }) => blow), durationMs: Date.now() - startedAtMs, faults, story: timeline.text(storyOf(trees)) };
}

/** A program that comes to the states that it is aimed at in. */
function programOf(seed: number, aims: readonly Aim[]): Program {
  const random = new Random(seed);
  const isAimedAt = (wanted: Aim["state"]): boolean => aims.some(({ state }) => state === wanted);
  const big = isAimedAt("committing") ? "always" : random.chance(BIG_PART) ? "once" : "never";
  return makeProgram(`CHAOS-${seed}`, random, { big, waits: isAimedAt("waiting") });
}

async function runToItsEnd({ cluster, timeline }: World, { tag, maxLlmCalls }: Program): Promise<{ result: ResultDocument | null; durationMs: number }> {
  const startedAtMs = Date.now();
  await cluster.start({
    id: tag, signature: "-> answer: str, replies: list[str]", instructions: `${tag}-TOP`, limits: { maxLlmCalls, maxDepth: 1 },
    models: { settings: { "scripted-sub": { callTimeoutMs: CALL_TIMEOUT_MS } } },
  });
  const late = new AbortController();
  const result = await Promise.race([cluster.result(tag), sleep(LONGEST_RUN_MS, null, { signal: late.signal })]);
  late.abort();
  timeline.note(`${tag} ${result === null ? "is not closed" : `ends: ${result.status}`}`);
  return { result, durationMs: Date.now() - startedAtMs };
}
