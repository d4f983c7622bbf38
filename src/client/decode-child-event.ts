import { defaultPayloadConverter } from "@temporalio/common";
import type { temporal } from "@temporalio/proto";
import { PARENT_SIGNAL, type ParentWord } from "../core/child-wire.js";
import { PAUSE_UPDATE, RESUME_UPDATE, type ControlRequest } from "../core/control-wire.js";
import type { HistoryFact } from "../core/history-fact.js";
import { WORKFLOW_TYPE } from "../core/wire.js";

type Event = temporal.api.history.v1.IHistoryEvent;

/** The beginning or the end of a child run, or `null` for any other event. How it ended, its outcome in the store tells. */
export function decodeChildEvent(event: Event, atMs: number): HistoryFact | null {
  const signal = event.workflowExecutionSignaledEventAttributes;
  if (signal?.signalName === PARENT_SIGNAL) return decodeParentWord(signal.input?.payloads?.[0], atMs);
  const started = event.childWorkflowExecutionStartedEventAttributes;
  if (started && isRun(started)) return { type: "child-started", atMs, workflowId: started.workflowExecution?.workflowId ?? "" };
  const ended =
    event.childWorkflowExecutionCompletedEventAttributes ??
    event.childWorkflowExecutionFailedEventAttributes ??
    event.childWorkflowExecutionCanceledEventAttributes ??
    event.childWorkflowExecutionTerminatedEventAttributes ??
    event.childWorkflowExecutionTimedOutEventAttributes;
  return ended && isRun(ended) ? { type: "child-closed", atMs, workflowId: ended.workflowExecution?.workflowId ?? "" } : null;
}

/** Deliveries of results and alerts are children as well. */
function isRun({ workflowType }: { readonly workflowType?: temporal.api.common.v1.IWorkflowType | null }): boolean {
  return workflowType?.name === WORKFLOW_TYPE;
}

/** What an operator asked of the parent counts for its children as well. */
function decodeParentWord(payload: temporal.api.common.v1.IPayload | undefined, atMs: number): HistoryFact | null {
  if (payload === undefined) return null;
  const word = defaultPayloadConverter.fromPayload<ParentWord>(payload);
  if (word.say === "pause") return { type: "update-accepted", atMs, update: PAUSE_UPDATE, request: word.request };
  return word.say === "resume" ? { type: "update-accepted", atMs, update: RESUME_UPDATE, request: { by: "the parent run", why: null } satisfies ControlRequest } : null;
}
