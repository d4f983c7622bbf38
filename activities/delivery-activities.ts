import { ApplicationFailure } from "@temporalio/common";
import type { BlobRef } from "../src/core/blob-ref.js";
import type { DeliverArgs, SinkSpec } from "../src/core/sink-spec.js";
import { getRecord } from "../src/journal/records.js";
import { SinkError } from "../src/sinks/sink.js";
import { describeDelivery } from "./describe-delivery.js";
import type { DeliveryDeps } from "./deps.js";
import { withContext } from "./with-context.js";

/** Results on their way to the sinks. */
export function createDeliveryActivities({ store, deliver }: DeliveryDeps) {
  const sinksOf = (ref: BlobRef): Promise<readonly SinkSpec[]> => getRecord<readonly SinkSpec[]>(store, ref);
  return {
    countSinks: ({ sinksRef }: Pick<DeliverArgs, "sinksRef">): Promise<number> => withContext(async () => (await sinksOf(sinksRef)).length),
    /** One try at one sink. */
    deliver: ({ sinksRef, index, subject }: DeliverArgs): Promise<void> =>
      withContext(async ({ signal }) => {
        const sink = (await sinksOf(sinksRef))[index];
        if (sink === undefined) return;
        const told = await describeDelivery(store, subject);
        try {
          await deliver(sink, { ...told, idempotencyKey: `${subject.key}-${index}`, event: subject.event, id: subject.id }, signal);
        } catch (error) {
          throw error instanceof SinkError ? toFailure(error) : error;
        }
      }),
  };
}

function toFailure({ message, retryable, retryAfterMs }: SinkError): ApplicationFailure {
  return ApplicationFailure.create({ type: "SinkFailed", message, nonRetryable: !retryable, ...(retryAfterMs !== null && { nextRetryDelay: retryAfterMs }) });
}
