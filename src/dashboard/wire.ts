/** What travels between the dashboard's server and its page, as JSON. Types only: the page's modules are checked against them (page/tsconfig.json). */
import type { IndexedRun } from "../client/run-index/indexed-run.js";
import type { RunLimits } from "../core/run-limits.js";
import type { ScheduledRun, ScheduleView } from "../client/schedules/schedule-view.js";
import type { RunStatus } from "../core/result.js";
import type { Segment } from "../core/timeline.js";
import type { CallRetries } from "../core/trajectory.js";
import type { Usage } from "../core/usage.js";

/** `viewer` may look at everything and change nothing. */
export type Role = "viewer" | "operator";

export interface SessionInfo {
  readonly role: Role;
  readonly version: string;
  /** Defaults of the form that starts a run. */
  readonly models: { readonly root: string | null; readonly sub: string | null };
}

export type RunRow = IndexedRun;

/** The server's state as the list found it; `null`: all well. */
export type Warning = string | null;

export interface RunListPage {
  readonly runs: readonly RunRow[];
  /** That the filters let through. */
  readonly total: number;
  /** From 1. */
  readonly page: number;
  readonly pages: number;
  /** By status, of the runs that match the text filter. */
  readonly counts: Readonly<Record<string, number>>;
  readonly warning: Warning;
}

/** Something an operator did. */
export interface OperatorNote {
  readonly atMs: number;
  readonly what: string;
  readonly by: string;
  readonly why: string | null;
  /** Of a message to the model. */
  readonly text: string | null;
}

export interface RunDetail {
  readonly workflowId: string;
  readonly status: RunStatus;
  readonly reason: string | null;
  /** What a person needs to know of a blocked run. */
  readonly blockedMessage: string | null;
  readonly open: boolean;
  readonly signature: string | null;
  readonly instructions: string | null;
  readonly models: { readonly root: string; readonly sub: string; readonly allowed: readonly string[] } | null;
  readonly limits: RunLimits | null;
  readonly inputs: readonly { readonly name: string; readonly kind: string; readonly bytes: number }[];
  readonly forkedFrom: { readonly workflowId: string; readonly turn: number } | null;
  readonly parent: string | null;
  readonly outputs: Readonly<Record<string, string>> | null;
  readonly startedAtMs: number;
  readonly closedAtMs: number | null;
  readonly turns: number;
  readonly llmCalls: number;
  readonly failedCalls: number;
  readonly usage: Usage;
  readonly rebuilds: number | null;
  readonly retries: readonly { readonly activity: string; readonly attempt: number; readonly message: string }[];
  /** Calls the cell waits for. */
  readonly waitingFor: { readonly count: number; readonly settled: number } | null;
  readonly openChildren: readonly string[];
  readonly cancelRequested: boolean;
  readonly timeline: readonly Segment[];
  readonly notes: readonly OperatorNote[];
  /** Changes whenever turns or their calls have. */
  readonly turnsVersion: string;
  readonly warning: Warning;
}

/** A turn without its calls. */
export interface TurnHead {
  readonly turn: number;
  readonly reasoning: string;
  readonly code: string | null;
  readonly observation: string | null;
  readonly error: { readonly type: string; readonly message: string } | null;
  /** Turns and calls left, new variables: what the model was told below the output. */
  readonly stateLine: string | null;
  /** Messages of operators that the model saw before it replied. */
  readonly steers: readonly string[];
  readonly root: { readonly model: string; readonly usage: Usage; readonly ms: number };
  readonly startedAtMs: number;
  /** `null` while it runs. */
  readonly ms: number | null;
  readonly cellMs: number | null;
  readonly calls: number;
}

export interface CallRow {
  /** In program order over the whole turn, from 0. */
  readonly index: number;
  readonly kind: "llm" | "tool" | "rlm";
  /** Model or tool. */
  readonly name: string | null;
  /** The beginning of it; a whole one is in `CallDetail`. */
  readonly prompt: string;
  readonly reply: string | null;
  readonly error: { readonly kind: string; readonly message: string } | null;
  readonly usage: Usage;
  readonly ms: number;
  readonly retries: CallRetries;
  readonly child: string | null;
}

export interface CallPage {
  readonly total: number;
  readonly from: number;
  readonly calls: readonly CallRow[];
}

/** Whole texts, up to a size that a page can show. */
export interface CallDetail extends CallRow {
  readonly cut: boolean;
}

export interface VariableRow {
  readonly name: string;
  readonly type: string;
  readonly length: number | null;
  readonly preview: string;
}

export interface FailureGroup {
  readonly cause: string;
  readonly status: RunStatus;
  readonly count: number;
  readonly lastAtMs: number;
  /** The newest. */
  readonly examples: readonly { readonly workflowId: string; readonly reason: string | null }[];
}

export interface CostRow {
  /** `2026-01-31`, UTC. */
  readonly day: string;
  readonly model: string;
  readonly runs: number;
  readonly usage: Usage;
}

export interface CostReport {
  readonly rows: readonly CostRow[];
  readonly runs: number;
}

export interface BatchRow {
  readonly batch: string;
  /** That have begun. */
  readonly rows: number;
  /** Of the whole batch; `null`: its records are not in this store. */
  readonly total: number | null;
  readonly counts: Readonly<Record<string, number>>;
  readonly startedAtMs: number;
  readonly costUsd: number | null;
  readonly failed: readonly { readonly workflowId: string; readonly reason: string | null }[];
}

/** A schedule; of a run under way, how it stands now. */
export type ScheduleRow = ScheduleView;
export type ScheduledWindow = ScheduledRun;

export interface ApiError {
  readonly error: { readonly code: string; readonly message: string };
}

/** What the acting routes answer: a sentence for people, and the run that is meant. */
export interface ActionDone {
  readonly message: string;
  readonly workflowId: string;
}
