import type { temporal } from "@temporalio/proto";
import type { HistoryFact } from "../core/history-fact.js";

type Event = temporal.api.history.v1.IHistoryEvent;

/** The beginning or the end of a child run, or `null` for any other event. How it ended, its outcome in the store tells. */
export function decodeChildEvent(event: Event, atMs: number): HistoryFact | null {
  const started = event.childWorkflowExecutionStartedEventAttributes;
  if (started) return { type: "child-started", atMs, workflowId: started.workflowExecution?.workflowId ?? "" };
  const ended =
    event.childWorkflowExecutionCompletedEventAttributes ??
    event.childWorkflowExecutionFailedEventAttributes ??
    event.childWorkflowExecutionCanceledEventAttributes ??
    event.childWorkflowExecutionTerminatedEventAttributes ??
    event.childWorkflowExecutionTimedOutEventAttributes;
  return ended ? { type: "child-closed", atMs, workflowId: ended.workflowExecution?.workflowId ?? "" } : null;
}
