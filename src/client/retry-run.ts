import { RETRY_UPDATE, type ControlRequest } from "../core/control-wire.js";
import { describeRun } from "./describe-run.js";
import { NotBlockedError, RunClosedError } from "./errors.js";
import { viewRun } from "./follow-run.js";
import type { RunClient } from "./run-client.js";
import { sendUpdate } from "./send-update.js";

/**
 * Makes a blocked run try again now.
 * @throws RunNotFoundError
 * @throws NotBlockedError there is nothing to retry
 * @throws NoWorkerError nobody took the request within 10 s
 */
export async function retryRun(client: RunClient, workflowId: string, request: ControlRequest): Promise<void> {
  const { open } = await describeRun(client, workflowId);
  if (!open) throw new NotBlockedError(workflowId, "it is closed");
  const { status } = await viewRun(client, workflowId);
  if (status !== "blocked") throw new NotBlockedError(workflowId, `it is ${status}`);
  try {
    await sendUpdate(client, workflowId, RETRY_UPDATE, request);
  } catch (error) {
    throw error instanceof RunClosedError ? new NotBlockedError(workflowId, "it closed meanwhile", { cause: error }) : error;
  }
}
