import { deleteSchedule } from "../client/schedules/change-schedule.js";
import { controlSchedule } from "../client/schedules/control-schedule.js";
import { parseEnd, parseInstant } from "../client/schedules/parse-instant.js";
import { readSchedule } from "../client/schedules/read-schedule.js";
import { scheduleDocument, type ScheduleDocument } from "../client/schedules/schedule-document.js";
import type { RlmClient } from "./rlm-client.js";

/** A schedule, wherever its windows are run. Its methods throw `ScheduleNotFoundError` when it was deleted. */
export class ScheduleHandle {
  constructor(
    readonly id: string,
    private readonly client: RlmClient,
  ) {}

  /** What it is, when it starts next, and how its last windows ended; their `workflowId` can be attached to. */
  async describe({ windows = 10 }: { /** @default 10 */ readonly windows?: number } = {}): Promise<ScheduleDocument> {
    return scheduleDocument(await readSchedule(this.client.runs, this.id, windows));
  }

  /** Nothing starts until it is unpaused; windows under way go on. */
  async pause(note = ""): Promise<void> {
    await controlSchedule(this.client.runs, this.id, { action: "pause", note });
  }

  async unpause(note = ""): Promise<void> {
    await controlSchedule(this.client.runs, this.id, { action: "resume", note });
  }

  /** Starts a window whose time is now. */
  async trigger(): Promise<void> {
    await controlSchedule(this.client.runs, this.id, { action: "trigger" });
  }

  /**
   * Starts the windows of a span of time that has passed, both ends included, one after another; those that have a result are not run again. Texts are read as
   * `rlm schedule backfill` reads them.
   * @throws ScheduleError a span that makes no sense
   */
  async backfill({ from, to = from }: { readonly from: string | Date; readonly to?: string | Date }): Promise<void> {
    const { timeZone } = (await readSchedule(this.client.runs, this.id, 0)).plan.timing;
    const fromMs = typeof from === "string" ? parseInstant(from, timeZone) : from.getTime();
    const toMs = typeof to === "string" ? Math.min(parseEnd(to, timeZone), Math.max(fromMs, Date.now())) : to.getTime();
    await controlSchedule(this.client.runs, this.id, { action: "backfill", fromMs, toMs });
  }

  /** Deletes it; windows under way go on, and results stay. */
  async delete(): Promise<void> {
    await deleteSchedule(this.client.runs, this.id);
  }
}
