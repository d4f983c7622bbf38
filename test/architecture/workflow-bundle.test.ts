import { expect, it } from "vitest";
import { bundleWorkflows, strayModules } from "./bundled-modules.js";

/** Measured 2.21 MB with batches, schedules and alerts, source map included; the openai package alone would add 4 MB. */
const MAX_BYTES = 2_500_000;

it("bundles the workflows with the pure core and Temporal's workflow package, and nothing else", async () => {
  const bundle = await bundleWorkflows("workflows");
  expect(bundle.modules).toContain("workflows/rlm-run.ts");
  expect(bundle.modules).toContain("src/core/next-step.ts");
  expect(strayModules(bundle, "workflows")).toEqual([]);
  expect(bundle.bytes).toBeLessThan(MAX_BYTES);
});

it("would notice a vendor package in a workflow, which Temporal bundles without a word", async () => {
  const own = "test/architecture/fixtures/workflow-with-openai";
  const bundle = await bundleWorkflows(own);
  expect(strayModules(bundle, own).filter((name) => name.startsWith("node_modules/openai/"))).not.toEqual([]);
  expect(bundle.bytes).toBeGreaterThan(MAX_BYTES);
});

it("would notice code of src outside src/core in a workflow", async () => {
  const own = "test/architecture/fixtures/workflow-with-signature";
  expect(strayModules(await bundleWorkflows(own), own)).toContain("src/signature/parse-signature.ts");
});
