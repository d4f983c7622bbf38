import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { resolveHome } from "../../src/stack/home.js";
import { parseIdleMs } from "../../src/stack/idle-time.js";
import { restartDelayMs } from "../../src/stack/restart-delay.js";
import { tempHome } from "./temp-home.js";

it("takes RLM_HOME, else the XDG data directory, else the user's own, and makes it for this user only", () => {
  const dir = tempHome();
  const homes = [
    resolveHome({ RLM_HOME: path.join(dir, "a", "mine"), XDG_DATA_HOME: dir }),
    resolveHome({ XDG_DATA_HOME: path.join(dir, "data"), HOME: dir }),
    resolveHome({ XDG_DATA_HOME: "relative", HOME: dir }),
  ];
  expect(homes).toEqual([path.join(dir, "a/mine"), path.join(dir, "data/durable-rlm"), path.join(dir, ".local/share/durable-rlm")]);
  expect(homes.map((home) => statSync(home).mode & 0o777)).toEqual([0o700, 0o700, 0o700]);
  expect(resolveHome({ RLM_HOME: homes[0] })).toBe(homes[0]);
  expect(existsSync(path.join(dir, "relative"))).toBe(false);
});

it("reads idle times with and without a unit, and refuses others", () => {
  expect([undefined, "", "90", "500ms", "1.5m", "2h", "never"].map(parseIdleMs)).toEqual([600_000, 600_000, 90_000, 500, 90_000, 7_200_000, Infinity]);
  expect(() => parseIdleMs("soon")).toThrow(`RLM_STACK_IDLE is "soon"; write a time like "90s", "10m" or "2h", or "never".`);
});

it("waits longer before each start in a crash loop, from 100 ms to 5 s", () => {
  expect([1, 2, 3, 6, 7, 1000].map(restartDelayMs)).toEqual([100, 200, 400, 3200, 5000, 5000]);
});
