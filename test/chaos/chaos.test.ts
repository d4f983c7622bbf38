import { expect, it } from "vitest";
import { CI_SEEDS, STATES_IN_CI } from "./knobs.js";
import { playWorld } from "./play-world.js";
import { runLine } from "./report.js";

it("runs whose processes are killed and frozen at any moment answer as if nothing had happened, and pay for nothing twice", async () => {
  const { runs, faults, story } = await playWorld(CI_SEEDS);
  process.stderr.write(`${runs.map(runLine).join("\n")}\n`);
  expect(faults, story).toEqual([]);
  expect(new Set(runs.flatMap(({ hits }) => hits.map(({ state }) => state))).size).toBeGreaterThanOrEqual(STATES_IN_CI);
}, 900_000);
