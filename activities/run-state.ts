import type { Client } from "@temporalio/client";

/** What the server knows of a run. */
export async function runState(workflow: Client["workflow"], workflowId: string): Promise<"open" | "closed" | "unknown"> {
  try {
    const { status } = await workflow.getHandle(workflowId).describe();
    return status.name === "RUNNING" || status.name === "PAUSED" ? "open" : "closed";
  } catch (error) {
    if (error instanceof Error && error.name === "WorkflowNotFoundError") return "unknown";
    throw error;
  }
}
