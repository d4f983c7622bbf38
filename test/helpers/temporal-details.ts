import type { TestCluster } from "./cluster.js";

interface WorkflowMetadata {
  readonly currentDetails?: string;
}

/** What Temporal's own UI shows as the run's current details. */
export async function temporalDetails(cluster: TestCluster, workflowId: string): Promise<string> {
  const handle = (await cluster.client.temporal()).workflow.getHandle(workflowId);
  const { currentDetails = "" } = await handle.query<WorkflowMetadata>("__temporal_workflow_metadata");
  return currentDetails;
}
