import { defineConfig } from "vitest/config";
import { HeavyFirst } from "./test/helpers/heavy-first.js";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/**/*.full.test.ts"],
    setupFiles: "test/helpers/end-of-file.ts",
    globalSetup: "test/helpers/shared-store-setup.ts",
    testTimeout: 60_000,
    hookTimeout: 60_000,
    sequence: { sequencer: HeavyFirst },
    // Two cores: much of the time goes into waiting (time limits, restarts), so two files more than cores.
    maxWorkers: 4,
    // A process for many files: loading Temporal's modules anew for each would take a tenth of all processor time.
    isolate: false,
  },
});
