import { z } from "zod";

/** The body of `POST /api/schedules/ID/actions`. */
export const ScheduleActionBody = z.discriminatedUnion("action", [
  z.strictObject({ action: z.enum(["pause", "resume"]), why: z.string().max(200).optional() }),
  z.strictObject({ action: z.literal("trigger") }),
  z.strictObject({ action: z.literal("backfill"), fromMs: z.number().int(), toMs: z.number().int() }),
]);

export type ScheduleActionRequest = z.infer<typeof ScheduleActionBody>;
