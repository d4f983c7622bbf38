import type { BlobRef } from "../src/core/blob-ref.js";
import type { ExtractArgs, ExtractResult, PlanArgs, PlanResult } from "../src/core/root-call-wire.js";
import type { CloseArgs } from "../src/core/wire.js";
import { closeRun } from "./close-run.js";
import type { CallDeps, HostDeps } from "./deps.js";
import { tellingHost } from "./earlier-try.js";
import { extractOutputs } from "./extract-outputs.js";
import { planTurn } from "./plan-turn.js";
import { withContext } from "./with-context.js";

/** Root-side calls, and the end of a run. */
export function createRunActivities(deps: CallDeps & HostDeps) {
  return {
    planTurn: (args: PlanArgs): Promise<PlanResult> =>
      withContext(async (scope) => {
        const { result, vanished } = await tellingHost(deps.sessionQueue, scope, (told) => planTurn(deps, args, told));
        return vanished === null ? result : { ...result, vanished };
      }),
    extractOutputs: (args: ExtractArgs): Promise<ExtractResult> => withContext((scope) => extractOutputs(deps, args, scope)),
    closeRun: (args: CloseArgs): Promise<{ readonly manifestRef: BlobRef }> => withContext(() => closeRun(deps, args)),
  };
}
