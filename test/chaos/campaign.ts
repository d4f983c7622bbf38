import { readFileSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { RUNS_FOR_ALL_STATES, RUNS_FOR_THE_RECORD, RUNS_IN_A_WORLD } from "./knobs.js";
import { playWorld, type PlayedWorld } from "./play-world.js";
import { CHAOS_DOC, conditions, withCampaign } from "./record.js";
import { missedStates, runLine, summary } from "./report.js";

/** Not part of the tests: `npm run chaos -- --runs N --seed S` plays it. */
const runs = Number(process.env["CHAOS_RUNS"] ?? 10);
const firstSeed = Number(process.env["CHAOS_SEED"] ?? 1);
const say = (text: string): void => void process.stdout.write(`${text}\n`);

it(`${runs} chaos runs from seed ${firstSeed} hold everything that is promised`, async () => {
  const worlds: PlayedWorld[] = [];
  const machine = conditions();
  for (let done = 0; done < runs; done += RUNS_IN_A_WORLD) {
    const seeds = Array.from({ length: Math.min(RUNS_IN_A_WORLD, runs - done) }, (_, i) => firstSeed + done + i);
    // Chance may have left out some states; the second half makes up for it.
    const missed = done < runs / 2 ? [] : missedStates(worlds.flatMap((each) => each.runs));
    const world = await playWorld(seeds, missed);
    worlds.push(world);
    for (const run of world.runs) say(runLine(run));
    if (world.faults.length > 0) say(`VIOLATION in the world of seeds ${seeds.join(", ")}; play it again with --runs ${seeds.length} --seed ${seeds[0]}${missed.length > 0 ? ` (here also aimed at: ${missed.join(", ")})` : ""}\n${world.faults.join("\n")}\n${world.story}`);
  }
  const outcome = `Seeds ${firstSeed} to ${firstSeed + runs - 1}; ${new Date().toISOString().slice(0, 10)}; ${machine}.\n\n${summary(worlds)}`;
  say(`\n${outcome}\n`);
  expect(worlds.flatMap(({ faults }) => faults)).toEqual([]);
  if (runs >= RUNS_FOR_ALL_STATES) expect(missedStates(worlds.flatMap((world) => world.runs)), "states that were hit too rarely").toEqual([]);
  if (runs >= RUNS_FOR_THE_RECORD) writeFileSync(CHAOS_DOC, withCampaign(readFileSync(CHAOS_DOC, "utf8"), outcome));
}, 2 ** 31 - 1);
