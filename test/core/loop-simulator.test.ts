import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BROKEN } from "./loop/broken.js";
import { REAL, type Parts } from "./loop/parts.js";
import { faultPlans, scenarios } from "./loop/scenarios.js";
import { World } from "./loop/world.js";

const SCHEDULES = 3000;

/** Every rule of the world holds, and losses change nothing that anyone sees. */
function holdsFor(parts: Parts) {
  return fc.property(scenarios, faultPlans, (scenario, faults) => {
    const calm = new World(scenario, [], parts).run();
    const stormy = new World(scenario, faults, parts);
    const outcome = stormy.run();
    if (!stormy.disturbed) expect(outcome).toEqual(calm);
  });
}

describe("the loop, in a world that loses sessions at any step", () => {
  it("ends, keeps its books and its limits, settles every suspension once, and answers as if nothing had happened", () => {
    const sinceCpu = process.cpuUsage();
    const details = fc.check(holdsFor(REAL), { numRuns: SCHEDULES });
    const { user, system } = process.cpuUsage(sinceCpu);
    process.stderr.write(`${Math.round((SCHEDULES * 1e6) / (user + system))} schedules a second of computing, each beside its calm twin\n`);
    expect(details.failed, fc.defaultReportMessage(details)).toBe(false);
  });

  it("meets every kind of ending and of trouble in this world", () => {
    const seen = new Set<string>();
    fc.assert(fc.property(scenarios, faultPlans, (scenario, faults) => {
      const world = new World(scenario, faults, REAL);
      const { status, failed } = world.run();
      seen.add(status).add(world.uncommittedLosses > 0 ? "lost before committed" : "nothing lost before committed").add(world.disturbed ? "disturbed" : "calm").add(failed > 0 ? "failed calls" : "no failed calls");
    }), { numRuns: 500, seed: 1 });
    expect([...seen].sort()).toEqual([
      "answered", "calm", "degraded", "disturbed", "failed", "failed calls", "lost before committed", "no failed calls", "nothing lost before committed",
    ]);
  });

  it.each(Object.keys(BROKEN))("catches a loop that %s", (name) => {
    expect(fc.check(holdsFor({ ...REAL, ...BROKEN[name] }), { numRuns: 1000, seed: 1 }).failed).toBe(true);
  });
});
