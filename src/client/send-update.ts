import { WorkflowNotFoundError, WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError } from "@temporalio/client";
import type { ControlAck } from "../core/control-wire.js";
import { isGrpc } from "./connect-temporal.js";
import { ControlRefusedError, NoWorkerError, RunClosedError } from "./errors.js";
import { describeRun } from "./describe-run.js";
import { readManifest } from "./read-manifest.js";
import type { RunClient } from "./run-client.js";

const WAIT_MS = 10_000;
const GRPC_DEADLINE_EXCEEDED = 4;

/**
 * Asks an open run for something and waits until it has taken it. It is in the run's history then, and is heeded before the run's next step.
 * @throws RunNotFoundError
 * @throws RunClosedError
 * @throws ControlRefusedError the run cannot take it; the message tells why
 * @throws NoWorkerError nobody took the request within 10 s
 */
export async function sendUpdate(client: RunClient, workflowId: string, update: string, request: object): Promise<ControlAck> {
  if ((await readManifest(client.store, workflowId)) !== null) throw new RunClosedError(workflowId);
  if (!(await describeRun(client, workflowId)).open) throw new RunClosedError(workflowId);
  const temporal = await client.temporal();
  try {
    return await temporal.withDeadline(Date.now() + WAIT_MS, () => temporal.workflow.getHandle(workflowId).executeUpdate<ControlAck, [object]>(update, { args: [request] }));
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) throw new RunClosedError(workflowId, { cause: error });
    if (error instanceof WorkflowUpdateFailedError) throw new ControlRefusedError(workflowId, update, error.cause?.message ?? error.message, { cause: error });
    if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || isGrpc(error, GRPC_DEADLINE_EXCEEDED)) throw new NoWorkerError(WAIT_MS, { cause: error });
    throw error;
  }
}
