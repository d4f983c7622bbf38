import { Hono } from "hono";
import { operatorGuard, type DashboardEnv } from "../security/guards.js";
import { sizeLimit } from "../security/size-limit.js";
import { ScheduleActionBody } from "../source/schedule-action.js";
import type { ScheduledWindow, ScheduleRow } from "../wire.js";
import type { DashboardSource } from "../source/source.js";

/** @param who the person that acts, as the schedule's note keeps it */
export function scheduleRoutes(source: DashboardSource, who: string): Hono<DashboardEnv> {
  return new Hono<DashboardEnv>()
    .get("/", async (c) => {
      const [schedules, { runs }] = await Promise.all([source.schedules(), source.list()]);
      const outcomes = new Map(runs.map(({ workflowId, status }) => [workflowId, status]));
      const now = (run: ScheduledWindow): ScheduledWindow["status"] => (run.status === null || run.status === "running" ? (outcomes.get(run.workflowId ?? "") ?? run.status) : run.status);
      return c.json(schedules.map((each): ScheduleRow => ({ ...each, recent: each.recent.map((run) => ({ ...run, status: now(run) })) })));
    })
    .post("/:id/actions", operatorGuard, sizeLimit(4096, "Make it short."), async (c) => {
      const asked = ScheduleActionBody.parse(await c.req.json());
      return c.json(await source.actOnSchedule(c.req.param("id"), asked, who));
    });
}
