import type { Client } from "@temporalio/client";
import { defaultPayloadConverter } from "@temporalio/common";
import type { temporal } from "@temporalio/proto";

/** An activity as the server saw it. Between `startedAtMs` and `endedAtMs` lie the way to the worker, its work, and the way back. */
export interface ActivitySpan {
  readonly activity: string;
  readonly scheduledAtMs: number;
  /** Of the last attempt. */
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly completed: boolean;
  /** Identity of the worker of the last attempt. */
  readonly worker: string;
  /** Decoded; `undefined` unless completed. */
  readonly result: unknown;
}

export interface RunHistory {
  readonly startedAtMs: number;
  readonly events: number;
  /** Ended activities, in order of their scheduling. */
  readonly spans: readonly ActivitySpan[];
}

type Event = temporal.api.history.v1.IHistoryEvent;

/** The activities of a workflow so far, with the server's times. */
export async function readHistory(client: Client, workflowId: string): Promise<RunHistory> {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  const all = events ?? [];
  const byId = new Map(all.map((event) => [String(event.eventId), event]));
  const spans = all.flatMap((event) => {
    const ended = event.activityTaskCompletedEventAttributes ?? event.activityTaskFailedEventAttributes
      ?? event.activityTaskTimedOutEventAttributes ?? event.activityTaskCanceledEventAttributes;
    const scheduled = byId.get(String(ended?.scheduledEventId));
    return ended && scheduled ? [toSpan(event, scheduled, byId.get(String(ended.startedEventId)))] : [];
  });
  const startedAtMs = all[0] === undefined ? 0 : atMs(all[0]);
  return { startedAtMs, events: all.length, spans: spans.sort((a, b) => a.scheduledAtMs - b.scheduledAtMs) };
}

function toSpan(ended: Event, scheduled: Event, started: Event | undefined): ActivitySpan {
  const payload = ended.activityTaskCompletedEventAttributes?.result?.payloads?.[0];
  return {
    activity: scheduled.activityTaskScheduledEventAttributes?.activityType?.name ?? "",
    scheduledAtMs: atMs(scheduled),
    startedAtMs: atMs(started ?? ended),
    endedAtMs: atMs(ended),
    completed: Boolean(ended.activityTaskCompletedEventAttributes),
    worker: started?.activityTaskStartedEventAttributes?.identity ?? "",
    result: payload ? defaultPayloadConverter.fromPayload(payload) : undefined,
  };
}

function atMs({ eventTime }: Event): number {
  return Number(eventTime?.seconds ?? 0) * 1000 + (eventTime?.nanos ?? 0) / 1e6;
}

/** Times from the scheduling of each activity to that of the next. */
export function spacings(spans: readonly ActivitySpan[]): number[] {
  return spans.slice(1).map((span, i) => span.scheduledAtMs - (spans[i]?.scheduledAtMs ?? span.scheduledAtMs));
}

/** Time in the worker's hands. */
export function workMs({ startedAtMs, endedAtMs }: ActivitySpan): number {
  return endedAtMs - startedAtMs;
}

/** Completed activities of these names. */
export function named(spans: readonly ActivitySpan[], ...names: readonly string[]): ActivitySpan[] {
  return spans.filter(({ activity, completed }) => completed && names.includes(activity));
}

/** What lies between the call and the end of the first cell. */
export function firstCell({ calledAtMs, history }: { readonly calledAtMs: number; readonly history: RunHistory }) {
  const [begin] = named(history.spans, "beginRun");
  const [cell] = named(history.spans, "executeCell");
  if (begin === undefined || cell === undefined) throw new Error("No cell of the run was executed.");
  return { totalMs: cell.endedAtMs - calledAtMs, acceptedMs: history.startedAtMs - calledAtMs, begin, cell };
}
