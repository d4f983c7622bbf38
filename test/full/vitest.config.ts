import { defineConfig } from "vitest/config";

/** What must hold on the embedded stack's server must hold on one like in production: Temporal on PostgreSQL, both killed when a test kills the server. */
const CORE = ["run", "kill", "history", "batch", "control", "visibility"];

/** The long variants (`npm run test:full`), that are not part of CI. */
export default defineConfig({
  test: {
    setupFiles: "test/helpers/end-of-file.ts",
    globalSetup: "test/helpers/shared-store-setup.ts",
    testTimeout: 1_800_000,
    hookTimeout: 240_000,
    maxWorkers: 1,
    projects: [
      { extends: true, test: { name: "long", include: ["test/**/*.full.test.ts"] } },
      { extends: true, test: { name: "postgres", include: CORE.map((name) => `test/e2e/${name}.test.ts`), env: { RLM_TEST_SERVER: "postgres" } } },
    ],
  },
});
