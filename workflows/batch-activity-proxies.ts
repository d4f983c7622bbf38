import { proxyActivities, type ActivityInterfaceFor } from "@temporalio/workflow";
import type { BatchActivities } from "./activity-types.js";

/** Store work, and waits for rows. Temporal owns the retries. */
export function batchActivities(taskQueue: string, summary: string): ActivityInterfaceFor<BatchActivities> {
  return proxyActivities<BatchActivities>({
    taskQueue, summary,
    startToCloseTimeout: "24 hours",
    heartbeatTimeout: "10s",
    retry: { initialInterval: "500ms", backoffCoefficient: 2, maximumInterval: "30s" },
  });
}
