import { ActivityFailure, ApplicationFailure, CancellationScope, isCancellation, proxyActivities, setCurrentDetails, sleep, upsertMemo, uuid4, workflowInfo } from "@temporalio/workflow";
import { initialDirectState } from "../src/core/run-state.js";
import type { PreparedWindow, ScheduledInput, WindowOutcome } from "../src/core/schedule-wire.js";
import type { RunInput } from "../src/core/wire.js";
import type { ScheduleActivities } from "./activity-types.js";
import { blockedDetails, describeFailure } from "./failures.js";
import { startDelivery } from "./start-delivery.js";
import { startRunAsChild } from "./start-run-as-child.js";

/** A server of sources that is down for longer has somebody who must look into it: the window is refused then, and can be backfilled. */
const SOURCES_WAIT = "6 hours";
/** Of a store that is full or out of reach: people look, as they do for runs. */
const LONGEST_PAUSE_MS = 10 * 60_000;

type Settled = Pick<WindowOutcome, "status" | "reason" | "workflowId">;

/**
 * One window of a schedule: stores what its sources hold, starts its run, and tells how it ended. The window comes from the time that the schedule meant,
 * not from now: a backfill, or a server that was down, changes nothing in it. A window that has a result is not run again.
 */
export async function rlmScheduled(input: ScheduledInput): Promise<WindowOutcome> {
  const scheduledAtMs = scheduledTimeMs();
  const activities = scheduleActivities(input);
  const tell = (settled: Settled): WindowOutcome => {
    const window: WindowOutcome = { scheduledAtMs, ...settled, reason: settled.reason === null ? null : settled.reason.slice(0, 1000) };
    upsertMemo({ window });
    setCurrentDetails(`${window.status}${window.reason === null ? "" : `: ${window.reason}`}`);
    return window;
  };
  const prepared = await prepare(activities, input, scheduledAtMs);
  const outcome = tell(await settle(input, activities, prepared, (workflowId) => void tell({ status: "running", reason: null, workflowId })));
  if (outcome.status === "failed" || outcome.status === "refused") throw ApplicationFailure.nonRetryable(outcome.reason ?? outcome.status, outcome.status === "failed" ? "RunFailed" : "WindowRefused");
  return outcome;
}

function scheduleActivities({ queues, scheduleId }: ScheduledInput) {
  return proxyActivities<ScheduleActivities>({
    taskQueue: queues.llm,
    summary: scheduleId.slice(0, 200),
    startToCloseTimeout: "24 hours",
    heartbeatTimeout: "10s",
    retry: { initialInterval: "1s", backoffCoefficient: 2, maximumInterval: "5 minutes" },
  });
}

/** Of the schedule's own clock; a person who starts the workflow by hand means now. */
function scheduledTimeMs(): number {
  const { typedSearchAttributes, startTime } = workflowInfo();
  return (typedSearchAttributes.get({ name: "TemporalScheduledStartTime", type: "DATETIME" }) ?? startTime).getTime();
}

async function prepare(activities: ReturnType<typeof scheduleActivities>, { planRef }: ScheduledInput, scheduledAtMs: number): Promise<PreparedWindow> {
  for (let pauseMs = 15_000; ; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)) {
    try {
      return await activities.prepareWindow.executeWithOptions({ scheduleToCloseTimeout: SOURCES_WAIT }, [{ planRef, scheduledAtMs }]);
    } catch (error) {
      const blocked = blockedDetails(error);
      // After all the tries of `SOURCES_WAIT`, the last of which says why.
      if (blocked === null && error instanceof ActivityFailure && !isCancellation(error)) return { found: "fault", workflowId: "", reason: describeFailure(error.cause?.cause ?? error) };
      if (blocked === null) throw error;
      setCurrentDetails(`waits: ${blocked.message}`);
      await sleep(pauseMs);
    }
  }
}

async function settle(input: ScheduledInput, activities: ReturnType<typeof scheduleActivities>, prepared: PreparedWindow, onRunning: (workflowId: string) => void): Promise<Settled> {
  const { workflowId } = prepared;
  switch (prepared.found) {
    case "closed":
      return { status: prepared.status, reason: prepared.reason, workflowId };
    case "fault":
      return { status: "refused", reason: prepared.reason, workflowId: null };
    case "nothing":
      if (prepared.sinksRef !== null) await startDelivery({ sinksRef: prepared.sinksRef, subject: { event: "window.empty", id: workflowId, key: workflowInfo().firstExecutionRunId, ref: prepared.noticeRef }, llmQueue: input.queues.llm });
      return { status: "empty", reason: prepared.reason, workflowId: null };
    case "open":
      onRunning(workflowId);
      return whenClosed(activities, workflowId);
    case "run":
      return run(input, activities, prepared, onRunning);
  }
}

async function run(input: ScheduledInput, activities: ReturnType<typeof scheduleActivities>, { workflowId, specRef, sinksRef, direct, replQueue }: Extract<PreparedWindow, { found: "run" }>, onRunning: (workflowId: string) => void): Promise<Settled> {
  const { limits, queues, timing, visible, alerts, job, model, signature, workflowTaskTimeoutMs } = input;
  const runInput: RunInput = {
    v: 1, runUid: uuid4(), specRef, limits, queues: { ...queues, repl: replQueue },
    ...(timing !== undefined && { timing }), ...(visible === true && { visible }), ...(sinksRef !== null && { sinksRef }), ...(alerts !== undefined && { alerts }), ...(direct && { state: initialDirectState(Date.now()) }),
  };
  try {
    const child = await startRunAsChild(runInput, { workflowId, signature, labels: { job, model }, workflowTaskTimeoutMs, parentClosePolicy: "REQUEST_CANCEL" });
    onRunning(workflowId);
    const { status, reason } = await child.result();
    return { status, reason, workflowId };
  } catch (error) {
    // Of another start of the same window, at the same moment; or the run has failed, and its manifest says why.
    if (isCancellation(error) && CancellationScope.current().consideredCancelled) throw error;
    if (error instanceof ActivityFailure) throw error;
    if (error instanceof Error && error.name === "WorkflowExecutionAlreadyStartedError") onRunning(workflowId);
    return whenClosed(activities, workflowId);
  }
}

async function whenClosed(activities: ReturnType<typeof scheduleActivities>, workflowId: string): Promise<Settled> {
  const [row] = await activities.awaitRows({ rows: [{ index: 0, workflowId, reservedCalls: 0, reservedUsd: 0 }] });
  return { status: row?.status ?? "failed", reason: row?.reason ?? null, workflowId };
}
