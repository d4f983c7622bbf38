import { expect, it } from "vitest";
import { SandboxFixture } from "./sandbox-fixture.js";
import { soak } from "./soak.js";

it("restores 40 times in 200 turns without a bit lost", async () => {
  await using fixture = await SandboxFixture.open();
  await soak(fixture, 200);
  expect(fixture.sessions.length).toBeGreaterThanOrEqual(41);
});
