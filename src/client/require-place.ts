import { describeRun } from "./describe-run.js";
import { RunNotFoundError, TooManyRunsError } from "./errors.js";
import type { RunClient } from "./run-client.js";
import { WORKFLOW_TYPE } from "../core/wire.js";

/**
 * Looks whether one more run may be open, by the server's list, which is a fraction of a second late: starts at the same moment may go beyond the limit by
 * their number. Rows of batches, runs of schedules and child runs count; they are not refused.
 * @param workflowId one that may be there already: to attach to it is always allowed
 * @throws TooManyRunsError
 */
export async function requirePlace(client: RunClient, workflowId: string | undefined): Promise<void> {
  const { maxOpenRuns = null } = client;
  if (maxOpenRuns === null) return;
  const { workflow } = await client.temporal();
  const { count } = await workflow.count(`WorkflowType = "${WORKFLOW_TYPE}" AND ExecutionStatus = "Running"`);
  if (count < maxOpenRuns) return;
  if (workflowId !== undefined && (await isThere(client, workflowId))) return;
  throw new TooManyRunsError(count, maxOpenRuns);
}

async function isThere(client: RunClient, workflowId: string): Promise<boolean> {
  return describeRun(client, workflowId).then(() => true, (error: unknown) => {
    if (error instanceof RunNotFoundError) return false;
    throw error;
  });
}
