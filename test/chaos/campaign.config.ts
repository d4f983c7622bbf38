import { defineConfig } from "vitest/config";

/** `npm run chaos`. */
export default defineConfig({ test: { include: ["test/chaos/campaign.ts"], globalSetup: "test/helpers/shared-store-setup.ts", disableConsoleIntercept: true } });
