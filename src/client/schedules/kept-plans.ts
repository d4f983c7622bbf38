import type { BlobRef } from "../../core/blob-ref.js";
import type { SchedulePlan } from "../../core/schedule-wire.js";
import { encodeRecord, putRecord } from "../../journal/records.js";
import type { BlobStore } from "../../store/blob-store.js";
import { workflowIdHex } from "../workflow-id.js";

/** Below it are the plans of a schedule: only what has a name outlives garbage collection. */
function prefix(scheduleId: string): string {
  return `schedules/${workflowIdHex(scheduleId)}`;
}

export async function keepPlan(store: BlobStore, plan: SchedulePlan): Promise<BlobRef> {
  const planRef = await putRecord(store, plan);
  await store.putNamed(`${prefix(plan.scheduleId)}/${planRef.digest}`, encodeRecord({ planRef }));
  return planRef;
}

/** Forgets the plans of a schedule; windows under way keep theirs by their histories. @param but the one that is in use */
export async function forgetPlans(store: BlobStore, scheduleId: string, but?: BlobRef): Promise<void> {
  for await (const name of store.listNamed(prefix(scheduleId))) {
    if (name !== `${prefix(scheduleId)}/${but?.digest}`) await store.deleteNamed(name);
  }
}
