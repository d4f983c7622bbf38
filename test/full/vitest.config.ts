import { defineConfig } from "vitest/config";

/** The long variants (`npm run test:full`), that are not part of CI. */
export default defineConfig({
  test: {
    include: ["test/**/*.full.test.ts"],
    setupFiles: "test/helpers/end-of-file.ts",
    globalSetup: "test/helpers/shared-store-setup.ts",
    testTimeout: 1_800_000,
    hookTimeout: 120_000,
    maxWorkers: 1,
  },
});
