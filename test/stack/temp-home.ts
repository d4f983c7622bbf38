import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";

/** A new empty home that goes when the test ends. */
export function tempHome(): string {
  const home = mkdtempSync(path.join(os.tmpdir(), "rlm-test-home-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  return home;
}
