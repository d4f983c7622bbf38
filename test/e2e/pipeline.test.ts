import { expect, it } from "vitest";
import { playNightlyPipeline } from "./fixtures/nightly-pipeline.js";

it("summarizes rotated logs nightly, three days with late files, a backfill and a killed worker in each: every result once, no answered call paid again", async () => {
  expect((await playNightlyPipeline({ files: 2, bytes: 500_000 })).bytes).toBeGreaterThan(3_000_000);
}, 240_000);
