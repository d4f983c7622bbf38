import type { ActivitySlotInfo, CustomSlotSupplier, FixedSizeSlotSupplier, SlotMarkUsedContext, SlotReleaseContext, TunerHolder } from "@temporalio/worker";
import type { SessionTable } from "../src/runner/session-table.js";

/**
 * Slots of the queue for new sessions: this worker asks for a task only when it has a place for the session, so that other workers, or the
 * queue with its own time limit, hold what it could only let wait. A place that a parked session takes back while the worker is asking is
 * met by `SessionTable.admit`.
 */
function placeSlots(table: Pick<SessionTable, "hasPlacesFor" | "placeFreed">): CustomSlotSupplier<ActivitySlotInfo> {
  /** Handed out for a poll whose task has not come yet: later its session counts. */
  const asking = new Set<object>();
  return {
    type: "custom",
    async reserveSlot(_ctx, signal) {
      while (!table.hasPlacesFor(asking.size + 1)) await table.placeFreed(signal);
      const permit = {};
      asking.add(permit);
      return permit;
    },
    tryReserveSlot: () => null,
    markSlotUsed: ({ permit }: SlotMarkUsedContext<ActivitySlotInfo>) => void asking.delete(permit),
    releaseSlot: ({ permit }: SlotReleaseContext<ActivitySlotInfo>) => void asking.delete(permit),
  };
}

/** It takes activities only. */
const NO_OTHERS: FixedSizeSlotSupplier = { type: "fixed-size", numSlots: 1 };

/** For the worker of the queue for new sessions. */
export function placeTuner(table: Pick<SessionTable, "hasPlacesFor" | "placeFreed">): TunerHolder {
  return { activityTaskSlotSupplier: placeSlots(table), workflowTaskSlotSupplier: NO_OTHERS, localActivityTaskSlotSupplier: NO_OTHERS, nexusTaskSlotSupplier: NO_OTHERS };
}
