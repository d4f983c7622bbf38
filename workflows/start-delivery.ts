import { startChild } from "@temporalio/workflow";
import { DELIVERY_WORKFLOW_TYPE, type DeliveryInput } from "../src/core/sink-spec.js";

/** Starts the delivery of a result, which goes on when its starter has ended. */
export async function startDelivery(input: DeliveryInput): Promise<void> {
  const { id, key, event } = input.subject;
  await startChild<(input: DeliveryInput) => Promise<void>>(DELIVERY_WORKFLOW_TYPE, {
    workflowId: `rlm-delivery-${key}`,
    args: [input],
    staticSummary: `deliver ${event} ${id}`.slice(0, 200),
    parentClosePolicy: "ABANDON",
    workflowIdReusePolicy: "REJECT_DUPLICATE",
  });
}
