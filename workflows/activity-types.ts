import type { createBatchActivities } from "../activities/batch-activities.js";
import type { createCallActivities } from "../activities/call-activities.js";
import type { createCellActivities } from "../activities/cell-activities.js";
import type { createChildActivities } from "../activities/child-activities.js";
import type { createFusedActivities } from "../activities/fused-activities.js";
import type { presenceActivities } from "../activities/presence-activities.js";
import type { createToolActivities } from "../activities/tool-activities.js";
import type { createDeliveryActivities } from "../activities/delivery-activities.js";
import type { createRunActivities } from "../activities/run-activities.js";
import type { createScheduleActivities } from "../activities/schedule-activities.js";

/** Activities by the queue that carries them. Types only: nothing of `activities/` is bundled. */
export type LlmActivities = ReturnType<typeof createCallActivities> & ReturnType<typeof createRunActivities> & ReturnType<typeof createChildActivities>;
export type ReplActivities = ReturnType<typeof createCellActivities>;
export type SessionActivities = ReplActivities & ReturnType<typeof createFusedActivities>;
export type PresenceActivities = typeof presenceActivities;
export type ToolActivities = ReturnType<typeof createToolActivities>;
/** On the llm queue as well. */
export type DeliveryActivities = ReturnType<typeof createDeliveryActivities>;
export type BatchActivities = ReturnType<typeof createBatchActivities>;
export type ScheduleActivities = ReturnType<typeof createScheduleActivities> & Pick<BatchActivities, "awaitRows">;
