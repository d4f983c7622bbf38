import type { Usage } from "./usage.js";

/** States of a run; the first two end it well. Names are those of the CLI's JSON. */
export type RunStatus = "answered" | "degraded" | "running" | "paused" | "blocked" | "failed" | "cancelled";

/** The document of `rlm result --json` and of the API. Field names are stable (docs/cli-json.md). */
export interface ResultDocument {
  readonly workflowId: string;
  readonly runId: string;
  readonly status: RunStatus;
  /** Why it is degraded, blocked or failed; `null` for an answer. */
  readonly reason: string | null;
  /** `null` until there is a result. */
  readonly outputs: Readonly<Record<string, unknown>> | null;
  readonly turns: number;
  /** Answered sub-calls. Root calls and the extract call are not counted. */
  readonly llmCalls: number;
  readonly maxLlmCalls: number;
  readonly usage: Usage;
  readonly durationMs: number;
}
