import { existsSync } from "node:fs";
import path from "node:path";
import { packageRoot } from "../src/stack/package-files.js";

/** Made by `npm run build`: bundling at start would cost 0.8 s and 70 MB. */
export function workflowBundlePath(): string {
  const file = path.join(packageRoot(), "dist", "workflow-bundle.js");
  if (!existsSync(file)) throw new Error(`The workflow bundle ${file} is missing. Run \`npm run build\`.`);
  return file;
}
