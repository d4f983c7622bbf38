import { WorkflowNotFoundError } from "@temporalio/client";
import { describeRun } from "./describe-run.js";
import { RunNotFoundError } from "./errors.js";
import { readManifest } from "./read-manifest.js";
import type { RunClient } from "./run-client.js";

/**
 * Asks the run to stop. It closes as soon as a worker takes note; `false`: it was closed already.
 * @throws RunNotFoundError
 */
export async function cancelRun(client: RunClient, workflowId: string): Promise<boolean> {
  if ((await readManifest(client.store, workflowId)) !== null) return false;
  const temporal = await client.temporal();
  try {
    await temporal.workflow.getHandle(workflowId).cancel();
    return true;
  } catch (error) {
    // The server says "not found" for a closed run too.
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    if ((await describeRun(client, workflowId)).open) throw new RunNotFoundError(workflowId, { cause: error });
    return false;
  }
}
