import { cp, mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { bundleWorkflowCode } from "@temporalio/worker";
import { packageRoot } from "../../src/stack/package-files.js";
import { WORKER_PROGRAM } from "./test-worker.js";

/** A program whose workflow gives another command first: no run of ours can be replayed by it. */
const WORKFLOWS = path.join(packageRoot(), "test", "histories", "fixtures", "mutated");

/** Another build of the whole package, in a directory of its own. @returns its worker's program */
export async function makeOtherBuild(directory: string): Promise<string> {
  const root = packageRoot();
  await mkdir(path.join(directory, "src", "repl"), { recursive: true });
  for (const part of ["package.json", "dist", "src/repl/prelude"]) await cp(path.join(root, part), path.join(directory, part), { recursive: true });
  await symlink(path.join(root, "node_modules"), path.join(directory, "node_modules"));
  const logger = { log() {}, trace() {}, debug() {}, info() {}, warn: console.warn, error: console.error };
  const { code } = await bundleWorkflowCode({ workflowsPath: WORKFLOWS, logger });
  await writeFile(path.join(directory, "dist", "workflow-bundle.js"), code);
  return path.join(directory, "dist", WORKER_PROGRAM);
}
