import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/**/*.full.test.ts"],
    globalSetup: "test/helpers/shared-store-setup.ts",
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Two cores: much of the time goes into waiting (time limits, restarts), so one file more than cores.
    maxWorkers: 3,
  },
});
