import { Context } from "@temporalio/activity";
import { ApplicationFailure } from "@temporalio/common";
import type { PreparedWindow, PrepareWindowArgs } from "../src/core/schedule-wire.js";
import type { ScheduleDeps } from "./deps.js";
import { runState } from "./run-state.js";
import { withContext } from "./with-context.js";

/** What a window of a schedule needs before its run. */
export function createScheduleActivities({ prepareWindow }: ScheduleDeps) {
  return {
    prepareWindow: (args: PrepareWindowArgs): Promise<PreparedWindow> =>
      withContext(async () => {
        const { workflow } = Context.current().client;
        try {
          return await prepareWindow(args, (workflowId) => runState(workflow, workflowId));
        } catch (error) {
          // A server that is not up: Temporal asks again, with growing pauses.
          if (error instanceof Error && error.name === "SourceError") throw ApplicationFailure.create({ type: "SourceUnreachable", message: error.message });
          throw error;
        }
      }),
  };
}
