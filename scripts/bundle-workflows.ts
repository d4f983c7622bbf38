import { writeFile } from "node:fs/promises";
import path from "node:path";
import { bundleWorkflowCode } from "@temporalio/worker";
import { packageRoot } from "../src/stack/package-files.js";

/** Bundles the compiled workflows once, at build time. */
const dist = path.join(packageRoot(), "dist");
const quiet = (): void => undefined;
const { code } = await bundleWorkflowCode({
  workflowsPath: path.join(dist, "workflows"),
  logger: { log: quiet, trace: quiet, debug: quiet, info: quiet, warn: console.warn, error: console.error },
});
await writeFile(path.join(dist, "workflow-bundle.js"), code);
