import { makeContinueAsNewFunc, type Workflow } from "@temporalio/workflow";

/**
 * Continues as new, on the current version of the workers where they are versioned: a run of weeks is not held to the build that it was started on.
 * It may change only here, where no history has to be replayed; what is carried, a newer build must be able to read.
 */
export async function continueUpgraded<F extends Workflow>(...args: Parameters<F>): Promise<never> {
  return makeContinueAsNewFunc<F>({ initialVersioningBehavior: "AUTO_UPGRADE" })(...args);
}
