import { ScheduleNotFoundError as NotFound } from "@temporalio/client";
import type { RunClient } from "../run-client.js";
import { ScheduleError, ScheduleNotFoundError } from "./schedule-error.js";

/** What an operator asks of a schedule. `backfill` starts what a span of time should have started; both ends, milliseconds since 1970, belong to it. */
export type ScheduleAction =
  | { readonly action: "pause" | "resume"; readonly note: string }
  | { readonly action: "trigger" }
  | { readonly action: "backfill"; readonly fromMs: number; readonly toMs: number };

/** More is a mistake, as a rule: every time in it starts a run. */
const MAX_BACKFILL_MS = 366 * 86_400_000;

/**
 * @throws ScheduleNotFoundError
 * @throws ScheduleError a span of time that makes no sense
 */
export async function controlSchedule(client: Pick<RunClient, "temporal">, scheduleId: string, asked: ScheduleAction): Promise<void> {
  if (asked.action === "backfill") requireSpan(asked);
  const handle = (await client.temporal()).schedule.getHandle(scheduleId);
  try {
    switch (asked.action) {
      case "pause":
        // The server takes an empty note for no request at all.
        return await handle.pause(asked.note || "paused");
      case "resume":
        return await handle.unpause(asked.note || "resumed");
      case "trigger":
        // Beside what is under way: somebody wants it now.
        return await handle.trigger("ALLOW_ALL");
      case "backfill":
        // As they would have started, one after another; a run that is under way holds none back. The server leaves out the start of a span.
        return await handle.backfill({ start: new Date(asked.fromMs), end: new Date(asked.toMs), overlap: "BUFFER_ALL" });
    }
  } catch (error) {
    if (error instanceof NotFound) throw new ScheduleNotFoundError(scheduleId, { cause: error });
    throw error;
  }
}

function requireSpan({ fromMs, toMs }: { readonly fromMs: number; readonly toMs: number }): void {
  if (!(fromMs <= toMs)) throw new ScheduleError("The span of time ends before it begins. Give the earlier instant first.");
  if (toMs - fromMs > MAX_BACKFILL_MS) throw new ScheduleError("The span of time is longer than a year. Backfill it in parts.");
  if (toMs > Date.now()) throw new ScheduleError("The span of time ends in the future. Backfill is for the past; `trigger` starts a run now.");
}
