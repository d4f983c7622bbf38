import path from "node:path";
import { mkdirSync } from "node:fs";
import { packageRoot } from "../../src/stack/package-files.js";
import { findTemporalCli } from "../../src/stack/temporal-cli/find-temporal-cli.js";

let found: Promise<string> | undefined;

/**
 * Path of a Temporal CLI for tests: found or obtained as a user's is, but cached in the checkout, where caches belong, for all test files and
 * runs. Nothing is left elsewhere on the machine.
 */
export function testTemporalCli(): Promise<string> {
  found ??= findTemporalCli({ home: testCacheHome(), env: process.env, onProgress: (line) => process.stderr.write(`${line}\n`) })
    .then((cli) => cli.path);
  return found;
}

/** Where programs that tests need are kept. */
export function testCacheHome(): string {
  const home = path.join(packageRoot(), "node_modules", ".cache", "durable-rlm");
  mkdirSync(home, { recursive: true, mode: 0o700 });
  return home;
}
