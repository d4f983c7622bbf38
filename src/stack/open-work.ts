import { Client, type Connection } from "@temporalio/client";
import { NAMESPACE } from "./server/server-ready.js";

/** A question that is not answered in this time counts as "server busy". */
const DEADLINE_MS = 5_000;

/** Number of workflows that are not closed, by the server's visibility records (a fraction of a second late). */
export function countOpenRuns(connection: Connection): Promise<number> {
  const { workflow } = new Client({ connection, namespace: NAMESPACE });
  return connection.withDeadline(Date.now() + DEADLINE_MS, async () => (await workflow.count(`ExecutionStatus = "Running"`)).count);
}

/** Whether there are schedules, and one that would start runs by itself: one that is not paused. */
export function lookAtSchedules(connection: Connection): Promise<{ readonly any: boolean; readonly active: boolean }> {
  const { schedule } = new Client({ connection, namespace: NAMESPACE });
  return connection.withDeadline(Date.now() + DEADLINE_MS, async () => {
    let any = false;
    for await (const { state } of schedule.list({ pageSize: 100 })) {
      if (!state.paused) return { any: true, active: true };
      any = true;
    }
    return { any, active: false };
  });
}
