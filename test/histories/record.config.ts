import { defineConfig } from "vitest/config";

/** Makes test/histories/data anew. */
export default defineConfig({ test: { include: ["test/histories/record-histories.ts"], globalSetup: "test/helpers/shared-store-setup.ts", testTimeout: 120_000, hookTimeout: 120_000 } });
