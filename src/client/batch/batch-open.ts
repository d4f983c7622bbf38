import { WorkflowNotFoundError } from "@temporalio/client";
import { BATCH_WORKFLOW_TYPE } from "../../core/batch-wire.js";
import type { RunClient } from "../run-client.js";
import { BatchError } from "./batch-error.js";

/** Whether the batch's workflow is under way. @throws BatchError the id belongs to a run */
export async function isBatchOpen(client: RunClient, batchId: string): Promise<boolean> {
  try {
    const { status, type } = await (await client.temporal()).workflow.getHandle(batchId).describe();
    if (type !== BATCH_WORKFLOW_TYPE) throw new BatchError("batch_id_taken", `"${batchId}" is the id of a run, not of a batch.`, "Choose another --id.");
    return status.name === "RUNNING" || status.name === "PAUSED";
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
