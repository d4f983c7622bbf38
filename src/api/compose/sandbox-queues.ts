import { DEFAULT_QUEUE_PREFIX, taskQueues } from "../../core/queues.js";
import type { TaskQueues } from "../../core/wire.js";
import { computeBuildId } from "../../repl/build-id.js";
import { resolvePackagePaths } from "../../repl/package-paths.js";
import { readPackageSet } from "../../repl/packages/package-set.js";
import { readPrelude } from "../../repl/prelude-files.js";

/** The queues that workers of this very version take from: a run stays with the sandbox build that it began with. */
export function sandboxQueues(env: NodeJS.ProcessEnv): TaskQueues {
  return taskQueues(env["RLM_QUEUE_PREFIX"] || DEFAULT_QUEUE_PREFIX, sandboxBuildId(env));
}

/** What snapshots of this very version, with the packages of this environment, are bound to. */
export function sandboxBuildId(env: NodeJS.ProcessEnv): string {
  const { childDirectory, snapshotDirectory, preludeDirectory } = resolvePackagePaths();
  return computeBuildId([childDirectory, snapshotDirectory], readPrelude(preludeDirectory), readPackageSet(env["RLM_PACKAGES"]).wheels);
}
