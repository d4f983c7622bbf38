import type { CallAndResumeArgs, CallAndResumeResult } from "../src/core/call-wire.js";
import { callOnce } from "./call-activities.js";
import type { CallDeps, CellDeps } from "./deps.js";
import { withContext } from "./with-context.js";

/** For processes that hold sessions and make model calls. */
export function createFusedActivities(deps: CallDeps & CellDeps) {
  return {
    /** The one call of a suspension, then the cell goes on. The reply is stored before the cell sees it, as ever. */
    callAndResume: ({ call, resume }: CallAndResumeArgs): Promise<CallAndResumeResult> =>
      withContext(
        async ({ signal, progress }) => {
          const result = await callOnce(deps, call, signal, progress);
          // A call that failed for good is given back to the budget before the cell can look at it, as on the ordinary path.
          const llmCallsUsed = resume.llmCallsUsed - (result.failed ? 1 : 0);
          return { call: result, step: await deps.runner.resume({ ...resume, llmCallsUsed }) };
        },
        () => deps.runner.abandon(resume.run.runUid, resume.epoch),
      ),
  };
}
