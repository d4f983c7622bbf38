import { existsSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { packageRoot } from "../src/stack/package-files.js";

/** Not made from one source file each. */
const MADE_OTHERWISE: ReadonlySet<string> = new Set(["workflow-bundle.js", "build.tsbuildinfo"]);

/**
 * Removes what the compiler left of deleted sources from `dist`: such files would be shipped, bundled into workflows and hashed into the sandbox's
 * build id. Files that are up to date stay where they are, so that programs that run from `dist` meanwhile are not disturbed.
 *
 * @returns the removed files, relative to `dist`
 */
export function removeStaleOutput(root: string): string[] {
  const dist = path.join(root, "dist");
  const files = readdirSync(dist, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const stale = files
    .map(({ parentPath, name }) => path.relative(dist, path.join(parentPath, name)))
    .filter((file) => !MADE_OTHERWISE.has(file) && !hasSource(root, file))
    .sort();
  for (const file of stale) rmSync(path.join(dist, file));
  return stale;
}

function hasSource(root: string, output: string): boolean {
  const stem = /^(.*?)(?:\.d\.ts|\.js)$/.exec(output)?.[1];
  return stem !== undefined && existsSync(path.join(root, `${stem}.ts`));
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const file of removeStaleOutput(packageRoot())) console.log(`removed dist/${file}: its source is gone`);
}
