import { WorkflowNotFoundError } from "@temporalio/client";
import type { RunMemo } from "../../core/run-memo.js";
import { WORKFLOW_TYPE } from "../../core/wire.js";
import type { RunClient } from "../run-client.js";
import { isBatchOpen } from "./batch-open.js";

export interface CancelledBatch {
  /** Whether its workflow was under way: it cancels its rows, and starts no other. */
  readonly open: boolean;
  /** Rows that its workflow had left running, when it was terminated, and that were asked to end. */
  readonly rows: number;
}

/**
 * Asks a batch to end, and its rows that are under way.
 * @throws BatchError the id belongs to a run
 */
export async function cancelBatch(client: RunClient, batchId: string): Promise<CancelledBatch> {
  const { workflow } = await client.temporal();
  if (await isBatchOpen(client, batchId)) {
    await workflow.getHandle(batchId).cancel();
    return { open: true, rows: 0 };
  }
  let rows = 0;
  for await (const { workflowId, memo } of workflow.list({ query: `WorkflowType = "${WORKFLOW_TYPE}" AND ExecutionStatus = "Running"`, pageSize: 200 })) {
    if ((memo as Partial<RunMemo> | undefined)?.batch !== batchId) continue;
    try {
      await workflow.getHandle(workflowId).cancel();
      rows += 1;
    } catch (error) {
      // It closed meanwhile.
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  }
  return { open: false, rows };
}
