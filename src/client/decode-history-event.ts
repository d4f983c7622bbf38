import { defaultPayloadConverter } from "@temporalio/common";
import type { temporal } from "@temporalio/proto";
import type { FailureFact, HistoryFact } from "../core/history-fact.js";
import { decodeChildEvent } from "./decode-child-event.js";
import type { RunInput, RunOutcome } from "../core/wire.js";

type Event = temporal.api.history.v1.IHistoryEvent;
type Payloads = temporal.api.common.v1.IPayloads | null | undefined;
type Failure = temporal.api.failure.v1.IFailure | null | undefined;

/** One event of Temporal's history as a fact of the run, or `null` for the many that say nothing about it (workflow tasks, timers, …). */
export function decodeHistoryEvent(event: Event, runId: string): HistoryFact | null {
  const atMs = Number(event.eventTime?.seconds ?? 0) * 1000 + Math.floor((event.eventTime?.nanos ?? 0) / 1e6);
  const started = event.workflowExecutionStartedEventAttributes;
  if (started) return { type: "run-started", atMs, runId, input: firstPayload(started.input) as RunInput };

  const scheduled = event.activityTaskScheduledEventAttributes;
  if (scheduled) {
    return { type: "activity-scheduled", atMs, id: activityId(event.eventId, runId), activity: scheduled.activityType?.name ?? "", args: firstPayload(scheduled.input) };
  }
  const completed = event.activityTaskCompletedEventAttributes;
  if (completed) return { type: "activity-completed", atMs, id: activityId(completed.scheduledEventId, runId), result: firstPayload(completed.result) };

  const ended = event.activityTaskFailedEventAttributes ?? event.activityTaskTimedOutEventAttributes;
  if (ended) return { type: "activity-failed", atMs, id: activityId(ended.scheduledEventId, runId), failure: readFailure(ended.failure) };
  const cancelled = event.activityTaskCanceledEventAttributes;
  if (cancelled) {
    const failure: FailureFact = { kind: "Cancelled", message: "Cancelled.", detail: null };
    return { type: "activity-failed", atMs, id: activityId(cancelled.scheduledEventId, runId), failure };
  }
  return decodeRunEvent(event, atMs);
}

function decodeRunEvent(event: Event, atMs: number): HistoryFact | null {
  const update = event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input;
  if (update) return { type: "update-accepted", atMs, update: update.name ?? "", request: firstPayload(update.args) };
  if (event.workflowExecutionCancelRequestedEventAttributes) return { type: "cancel-requested", atMs };
  const memo = event.workflowPropertiesModifiedEventAttributes?.upsertedMemo?.fields;
  if (memo) {
    const decoded = Object.entries(memo).map(([key, payload]) => [key, defaultPayloadConverter.fromPayload(payload)] as const);
    return { type: "memo-changed", atMs, memo: Object.fromEntries(decoded) };
  }
  const completed = event.workflowExecutionCompletedEventAttributes;
  if (completed) return { type: "run-completed", atMs, outcome: firstPayload(completed.result) as RunOutcome };
  const failed = event.workflowExecutionFailedEventAttributes;
  if (failed) return { type: "run-failed", atMs, message: readFailure(failed.failure).message };
  if (event.workflowExecutionCanceledEventAttributes) return { type: "run-cancelled", atMs };
  const terminated = event.workflowExecutionTerminatedEventAttributes;
  if (terminated) return { type: "run-failed", atMs, message: `terminated${terminated.reason ? `: ${terminated.reason}` : ""}` };
  if (event.workflowExecutionTimedOutEventAttributes) return { type: "run-failed", atMs, message: "Temporal's own execution timeout was reached" };
  const continued = event.workflowExecutionContinuedAsNewEventAttributes;
  if (continued) return { type: "run-continued", atMs, nextRunId: continued.newExecutionRunId ?? "" };
  return decodeChildEvent(event, atMs);
}

/** The innermost cause is the one that was thrown; those around it are Temporal's wrapping. */
function readFailure(failure: Failure): FailureFact {
  let inner = failure;
  while (inner?.cause && !inner.applicationFailureInfo?.type) inner = inner.cause;
  if (inner?.timeoutFailureInfo) return { kind: "Timeout", message: inner.message ?? "Timed out.", detail: null };
  const info = inner?.applicationFailureInfo;
  return { kind: info?.type ?? "Unknown", message: inner?.message ?? "", detail: firstPayload(info?.details) ?? null };
}

function firstPayload(payloads: Payloads): unknown {
  const payload = payloads?.payloads?.[0];
  return payload ? defaultPayloadConverter.fromPayload(payload) : undefined;
}

/** Event ids start anew in each run of a chain. */
function activityId(scheduledEventId: Event["eventId"], runId: string): string {
  return `${runId}/${String(scheduledEventId ?? 0)}`;
}
