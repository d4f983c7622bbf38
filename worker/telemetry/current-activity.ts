import { asyncLocalStorage } from "@temporalio/activity";

/** Names what is being worked on; `null` outside of activities. */
export function currentActivity(): { readonly workflowId: string; readonly attempt: number } | null {
  const info = asyncLocalStorage.getStore()?.info;
  return info?.workflowExecution === undefined ? null : { workflowId: info.workflowExecution.workflowId, attempt: info.attempt };
}
