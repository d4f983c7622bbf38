import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { CHAOS_DOC, withCampaign } from "./record.js";

it("puts the outcome of a campaign in the place of the last one, and refuses a page without that place", () => {
  const page = readFileSync(CHAOS_DOC, "utf8");
  const once = withCampaign(page, "first outcome");
  expect(once).toContain("first outcome");
  const twice = withCampaign(once, "second outcome");
  expect(twice).toBe(once.replace("first outcome", "second outcome"));
  expect(() => withCampaign("# Chaos", "outcome")).toThrow("docs/chaos.md has no place for the outcome of a campaign.");
});
