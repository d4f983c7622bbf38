import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** Directory of a blob store that all files of one test run share; only base images are kept in it. */
    readonly sharedStore: string;
  }
}

/** Global set-up: the shared store, gone when all tests are over. */
export default async function setUpSharedStore(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(path.join(tmpdir(), "durable-rlm-shared-store-"));
  project.provide("sharedStore", directory);
  return () => rm(directory, { recursive: true, force: true });
}
