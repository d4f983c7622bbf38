import { expect, it } from "vitest";
import { playNightlyPipeline } from "./fixtures/nightly-pipeline.js";

it("summarizes 200 MB of rotated logs nightly, three days with late files, a backfill and a killed worker in each", async () => {
  expect((await playNightlyPipeline({ files: 4, bytes: 17_000_000 })).bytes).toBeGreaterThan(200_000_000);
});
