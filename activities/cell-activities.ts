import { once } from "node:events";
import type { CommitArgs, CommitResult } from "../src/core/commit-wire.js";
import type { BeginArgs, BeginResult, ExecuteArgs, ResumeArgs, RunKey, StepResult, WatchArgs } from "../src/core/wire.js";
import type { CellDeps } from "./deps.js";
import { withContext } from "./with-context.js";

/** REPL work. A cancelled cell's sandbox is killed; the state it had is in the last snapshot. */
export function createCellActivities({ runner }: CellDeps) {
  return {
    beginRun: (args: BeginArgs): Promise<BeginResult> =>
      withContext(() => runner.begin(args), () => runner.abandon(args.run.runUid, args.epoch)),

    executeCell: (args: ExecuteArgs): Promise<StepResult> =>
      withContext(() => runner.execute(args), () => runner.abandon(args.run.runUid, args.epoch)),

    resumeCell: (args: ResumeArgs): Promise<StepResult> =>
      withContext(() => runner.resume(args), () => runner.abandon(args.run.runUid, args.epoch)),

    /** The commit point of a turn whose snapshot was still being written when its cell's result was told. */
    commitSnapshot: (args: CommitArgs): Promise<CommitResult> => withContext(() => runner.commit(args)),

    /** Runs while the calls of a suspension do; fails as soon as its session is lost. */
    watchSession: (args: WatchArgs): Promise<never> => withContext(({ signal }) => Promise.race([runner.watch(args), aborted(signal)])),

    /** The run is over: its session is not needed any more. */
    endSession: ({ runUid }: RunKey): Promise<void> => withContext(async () => runner.end(runUid)),
  };
}

async function aborted(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, "abort");
  throw signal.reason;
}
