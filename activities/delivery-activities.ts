import { ApplicationFailure } from "@temporalio/common";
import type { DeliverArgs, SinkSpec } from "../src/core/sink-spec.js";
import { getRecord } from "../src/journal/records.js";
import { SinkError } from "../src/sinks/sink.js";
import { describeDelivery } from "./describe-delivery.js";
import type { DeliveryDeps } from "./deps.js";
import { withContext } from "./with-context.js";

type SinksSource = Pick<DeliverArgs, "sinks" | "sinksRef">;

/** Results on their way to the sinks. */
export function createDeliveryActivities({ store, deliver }: DeliveryDeps) {
  const sinksOf = async ({ sinks, sinksRef }: SinksSource): Promise<readonly SinkSpec[]> => sinks ?? (sinksRef === undefined ? [] : getRecord<readonly SinkSpec[]>(store, sinksRef));
  return {
    countSinks: (from: SinksSource): Promise<number> => withContext(async () => (await sinksOf(from)).length),
    /** One try at one sink. */
    deliver: ({ index, subject, ...from }: DeliverArgs): Promise<void> =>
      withContext(async ({ signal }) => {
        const sink = (await sinksOf(from))[index];
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
