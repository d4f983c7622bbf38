import type { Client, WorkflowStartOptions } from "@temporalio/client";
import { labelAttributes, progressAttributes, type RunLabels } from "../core/visibility.js";
import { isGrpc } from "./connect-temporal.js";

const GRPC_INVALID_ARGUMENT = 3;

/**
 * Starts a workflow with the search attributes of runs; on a server that does not know them, without. Only the server can tell, so it is tried: a
 * workflow that sets an attribute which is not registered would stand still.
 * @param options of the start; `visible` goes into the workflow's input
 */
export async function startVisibly(temporal: Client, workflowType: string, labels: RunLabels, options: (visible: boolean) => WorkflowStartOptions): Promise<void> {
  try {
    const first = progressAttributes({ status: "running", turns: 0, llmCalls: 0, costUsd: 0 });
    await temporal.workflow.start(workflowType, { ...options(true), typedSearchAttributes: [...labelAttributes(labels), ...first] });
  } catch (error) {
    if (!isAttributeUnknown(error)) throw error;
    await temporal.workflow.start(workflowType, options(false));
  }
}

/** True for the refusal of a start or a query that names search attributes which this server does not have (or has with another type). */
export function isAttributeUnknown(error: unknown): boolean {
  if (!isGrpc(error, GRPC_INVALID_ARGUMENT)) return false;
  for (let each = error, depth = 0; each instanceof Error && depth < 5; each = each.cause, depth++) if (/search ?attribute|column name/i.test(each.message)) return true;
  return false;
}
