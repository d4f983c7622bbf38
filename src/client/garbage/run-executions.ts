import { GRPC_NOT_FOUND, isGrpc } from "../connect-temporal.js";
import type { RunClient } from "../run-client.js";

/** One run of a chain that the server knows. */
export interface RunExecution {
  readonly runId: string;
  readonly open: boolean;
}

/** All that the server knows under an id, older runs of its chain included. */
export async function findExecutions(client: RunClient, workflowId: string): Promise<readonly RunExecution[]> {
  const { workflow } = await client.temporal();
  const executions: RunExecution[] = [];
  for await (const { runId, status } of workflow.list({ query: `WorkflowId = "${workflowId.replaceAll(/["\\]/g, "\\$&")}"` })) {
    executions.push({ runId, open: status.name === "RUNNING" || status.name === "PAUSED" });
  }
  return executions;
}

/** Makes the server forget them. */
export async function deleteExecutions(client: RunClient, workflowId: string, executions: readonly RunExecution[]): Promise<void> {
  const { workflowService, options } = (await client.temporal()).workflow;
  for (const { runId } of executions) {
    try {
      await workflowService.deleteWorkflowExecution({ namespace: options.namespace, workflowExecution: { workflowId, runId } });
    } catch (error) {
      if (!isGrpc(error, GRPC_NOT_FOUND)) throw error;
    }
  }
}
