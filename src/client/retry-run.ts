import { WorkflowNotFoundError, WorkflowUpdateRPCTimeoutOrCancelledError } from "@temporalio/client";
import { RETRY_UPDATE } from "../core/control-wire.js";
import { isGrpc } from "./connect-temporal.js";
import { describeRun } from "./describe-run.js";
import { viewRun } from "./follow-run.js";
import { NoWorkerError, NotBlockedError } from "./errors.js";
import type { RunClient } from "./run-client.js";

const WAIT_MS = 10_000;
const GRPC_DEADLINE_EXCEEDED = 4;

/**
 * Makes a blocked run try again now.
 * @throws RunNotFoundError
 * @throws NotBlockedError there is nothing to retry
 * @throws NoWorkerError nobody took the request within 10 s
 */
export async function retryRun(client: RunClient, workflowId: string): Promise<void> {
  const { open } = await describeRun(client, workflowId);
  if (!open) throw new NotBlockedError(workflowId, "it is closed");
  const { status } = await viewRun(client, workflowId);
  if (status !== "blocked") throw new NotBlockedError(workflowId, `it is ${status}`);
  const temporal = await client.temporal();
  try {
    await temporal.withDeadline(Date.now() + WAIT_MS, () => temporal.workflow.getHandle(workflowId).executeUpdate(RETRY_UPDATE));
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) throw new NotBlockedError(workflowId, "it closed meanwhile", { cause: error });
    if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || isGrpc(error, GRPC_DEADLINE_EXCEEDED)) throw new NoWorkerError(WAIT_MS, { cause: error });
    throw error;
  }
}
