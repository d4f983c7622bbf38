import type { PrepareChildArgs, PrepareChildResult, SettleChildArgs, SettledChild } from "../src/core/child-wire.js";
import { prepareChild } from "../src/runner/prepare-child.js";
import { settleChild, type ChildDeps } from "../src/runner/settle-child.js";
import { withContext } from "./with-context.js";

/** The beginning and the end of child runs (`rlm_query`); between them they are workflows of their own. */
export function createChildActivities(deps: ChildDeps) {
  return {
    prepareChild: (args: PrepareChildArgs): Promise<PrepareChildResult> => withContext(() => prepareChild(deps, args)),
    settleChild: (args: SettleChildArgs): Promise<SettledChild> => withContext(() => settleChild(deps, args)),
  };
}
