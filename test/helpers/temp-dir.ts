import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";

/** A directory that is gone when the test is over. */
export async function tempDir(): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), "durable-rlm-test-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}
