import type { WorkflowExecutionInfo } from "@temporalio/client";
import { SCHEDULED_WORKFLOW_TYPE, type WindowOutcome } from "../../core/schedule-wire.js";
import type { RunClient } from "../run-client.js";
import type { ScheduledRun } from "./schedule-view.js";

/** Windows that schedules have started, newest start first, as far as the server remembers them. A change shows a moment later. */
export async function* listWindows(client: Pick<RunClient, "temporal">, scheduleId?: string): AsyncGenerator<ScheduledRun & { readonly scheduleId: string }> {
  const only = scheduleId === undefined ? "" : ` AND TemporalScheduledById = "${scheduleId.replaceAll(/["\\]/g, "\\$&")}"`;
  for await (const execution of (await client.temporal()).workflow.list({ query: `WorkflowType = "${SCHEDULED_WORKFLOW_TYPE}"${only}`, pageSize: 50 })) {
    const id = execution.typedSearchAttributes.get({ name: "TemporalScheduledById", type: "KEYWORD" });
    if (id !== undefined) yield { scheduleId: id, ...windowOf(execution) };
  }
}

function windowOf({ memo, typedSearchAttributes, startTime, status: { name } }: WorkflowExecutionInfo): ScheduledRun {
  const told = (memo as { readonly window?: WindowOutcome } | undefined)?.window;
  const scheduledAt = typedSearchAttributes.get({ name: "TemporalScheduledStartTime", type: "DATETIME" });
  // What its workflow could not tell any more, and what it has told before it was stopped.
  const open = name === "RUNNING" || name === "PAUSED";
  const status = told !== undefined && (open || told.status !== "running") ? told.status : open ? "running" : name === "CANCELLED" ? "cancelled" : "failed";
  return { scheduledAtMs: (scheduledAt ?? startTime).getTime(), startedAtMs: startTime.getTime(), workflowId: told?.workflowId ?? null, status, reason: told?.reason ?? null };
}
