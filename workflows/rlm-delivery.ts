import { ActivityFailure, ApplicationFailure, isCancellation, proxyActivities, setCurrentDetails } from "@temporalio/workflow";
import type { DeliveryInput } from "../src/core/sink-spec.js";
import type { DeliveryActivities } from "./activity-types.js";

/** A receiver that is down for longer has somebody who must look into it anyway: the workflow then fails, and says what is missing. */
const GIVE_UP_AFTER = "3 days";

/** Delivers one result to its sinks, each on its own, until it went through or was refused for good. */
export async function rlmDelivery({ subject, llmQueue, ...from }: DeliveryInput): Promise<void> {
  const { deliver, countSinks } = proxyActivities<DeliveryActivities>({
    taskQueue: llmQueue,
    startToCloseTimeout: "5 minutes",
    heartbeatTimeout: "10s",
    scheduleToCloseTimeout: GIVE_UP_AFTER,
    retry: { initialInterval: "1s", backoffCoefficient: 2, maximumInterval: "10 minutes" },
    summary: subject.id.slice(0, 200),
  });
  const count = await countSinks(from);
  const outcomes = await Promise.allSettled(Array.from({ length: count }, (_, index) => deliver({ ...from, index, subject })));
  const faults = outcomes.flatMap((outcome, index) => (outcome.status === "rejected" ? [{ index, reason: outcome.reason as unknown }] : []));
  const cancelled = faults.find(({ reason }) => isCancellation(reason));
  if (cancelled !== undefined) throw cancelled.reason;
  if (faults.length === 0) return setCurrentDetails(`delivered to ${count}`);
  const told = faults.map(({ index, reason }) => `sink ${index + 1}: ${reason instanceof ActivityFailure ? (reason.cause?.message ?? reason.message) : String(reason)}`);
  throw ApplicationFailure.nonRetryable(`Not delivered: ${told.join("; ")}`.slice(0, 1000), "NotDelivered");
}
