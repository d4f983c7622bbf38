import { expect, it } from "vitest";
import { RUNS_FOR_ALL_STATES, RUNS_IN_A_WORLD } from "./knobs.js";
import { playWorld, type PlayedWorld } from "./play-world.js";
import { missedStates, runLine, summary } from "./report.js";

/** Not part of the tests: `npm run chaos -- --runs N --seed S` plays it. */
const runs = Number(process.env["CHAOS_RUNS"] ?? 10);
const firstSeed = Number(process.env["CHAOS_SEED"] ?? 1);
const say = (text: string): void => void process.stdout.write(`${text}\n`);

it(`${runs} chaos runs from seed ${firstSeed} hold everything that is promised`, async () => {
  const worlds: PlayedWorld[] = [];
  for (let done = 0; done < runs; done += RUNS_IN_A_WORLD) {
    const seeds = Array.from({ length: Math.min(RUNS_IN_A_WORLD, runs - done) }, (_, i) => firstSeed + done + i);
    const world = await playWorld(seeds);
    worlds.push(world);
    for (const run of world.runs) say(runLine(run));
    if (world.faults.length > 0) say(`VIOLATION in the world of seeds ${seeds.join(", ")}; play it again with --runs ${seeds.length} --seed ${seeds[0]}\n${world.faults.join("\n")}\n${world.story}`);
  }
  say(`\n${summary(worlds)}\n`);
  expect(worlds.flatMap(({ faults }) => faults)).toEqual([]);
  if (runs >= RUNS_FOR_ALL_STATES) expect(missedStates(worlds.flatMap((world) => world.runs)), "states that were hit too rarely").toEqual([]);
}, 2 ** 31 - 1);
