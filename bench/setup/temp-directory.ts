import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Cleanup } from "./cleanup.js";

/** A new directory that is gone when the bench ends, or when `remove` is called. */
export function tempDirectory(cleanup: Cleanup): { readonly directory: string; readonly remove: () => Promise<void> } {
  const directory = mkdtempSync(path.join(tmpdir(), "durable-rlm-bench-"));
  const remove = cleanup.add(() => rm(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));
  return { directory, remove };
}
