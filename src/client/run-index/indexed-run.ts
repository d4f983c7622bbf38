import type { RunStatus } from "../../core/result.js";

/** A run in a list; `null`: only a look into it could tell. */
export interface IndexedRun {
  readonly workflowId: string;
  readonly status: RunStatus;
  readonly reason: string | null;
  readonly signature: string | null;
  readonly startedAtMs: number;
  readonly closedAtMs: number | null;
  readonly turns: number | null;
  readonly llmCalls: number | null;
  readonly costUsd: number | null;
  /** Input and output together. */
  readonly tokens: number | null;
  readonly job: string | null;
  readonly batch: string | null;
}
