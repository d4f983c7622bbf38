import type { ControlRequest } from "../../core/control-wire.js";
import type { RunSnapshot } from "../../client/run-index/run-index.js";
import type { DayCosts } from "../../client/run-index/cost-index.js";
import type { CallDetail, CallPage, RunDetail, TurnHead, VariableRow } from "../wire.js";
import type { RunAction } from "./run-action.js";
import type { ScheduleView } from "../../client/schedules/schedule-view.js";
import type { ScheduleActionRequest } from "./schedule-action.js";
import type { NewRun } from "./new-run.js";

/**
 * What the dashboard shows and does. The real one is made of the verbs of src/client (client-source.ts).
 * Contract: reading never starts a server or a worker and needs no worker; methods throw the errors of src/client, whose messages hold the cure.
 */
export interface DashboardSource {
  list(): Promise<RunSnapshot>;
  /** The run as it changes; the first at once. Ends when the run is closed or `signal` says so. */
  watch(workflowId: string, signal: AbortSignal): AsyncIterable<RunDetail>;
  /** From turn `from` on. */
  turns(workflowId: string, from: number): Promise<readonly TurnHead[]>;
  /** The inputs as the model is told of them. */
  variables(workflowId: string): Promise<readonly VariableRow[]>;
  calls(workflowId: string, turn: number, from: number, count: number): Promise<CallPage>;
  call(workflowId: string, turn: number, index: number): Promise<CallDetail>;
  /** Resolves with what happened, for people, and the run it happened to: a fork is another one. */
  act(workflowId: string, action: RunAction, request: ControlRequest): Promise<{ readonly message: string; readonly workflowId: string }>;
  start(run: NewRun): Promise<{ readonly workflowId: string; readonly warnings: readonly string[] }>;
  /** How many rows a batch has; `null`: the store does not know it. */
  batchSize(batchId: string): Promise<number | null>;
  /** Runs the rows again that have failed. */
  retryBatch(batchId: string): Promise<{ readonly message: string }>;
  schedules(): Promise<readonly ScheduleView[]>;
  /** @param who asks, kept in the schedule's note */
  actOnSchedule(scheduleId: string, asked: ScheduleActionRequest, who: string): Promise<{ readonly message: string }>;
  costs(): Promise<readonly DayCosts[]>;
}
