import os from "node:os";
import path from "node:path";
import { mkdirSync } from "node:fs";
import { findTemporalCli } from "../../src/stack/temporal-cli/find-temporal-cli.js";

let found: Promise<string> | undefined;

/**
 * Path of a Temporal CLI for tests: found or obtained as a user's is, but cached in one directory shared by all test
 * files and runs, so that a machine pays for it once. Kept between runs on purpose.
 */
export function testTemporalCli(): Promise<string> {
  found ??= findTemporalCli({ home: testCacheHome(), env: process.env, onProgress: (line) => process.stderr.write(`${line}\n`) })
    .then((cli) => cli.path);
  return found;
}

function testCacheHome(): string {
  const home = path.join(os.tmpdir(), "durable-rlm-test-cache");
  mkdirSync(home, { recursive: true, mode: 0o700 });
  return home;
}
