/** Limits of a run, complete and validated (see resolve-run-limits.ts for the defaults and the rules). */
export interface RunLimits {
  /** Turns the root model gets. */
  readonly maxIterations: number;
  /** Answered sub-calls of the whole run tree. */
  readonly maxLlmCalls: number;
  /** Calls to the user's tools, failed ones included. */
  readonly maxToolCalls: number;
  /** Characters of an observation; head and tail are kept. */
  readonly maxOutputChars: number;
  /** Python time of one cell; waiting for model calls does not count. */
  readonly cellTimeoutMs: number;
  readonly memoryLimitBytes: number;
  /** A text whose Python `str` would take more bytes stays in its file (`LazyText`). */
  readonly lazyTextAboveBytes: number;
  /** Model calls in flight at once. */
  readonly maxConcurrency: number;
  /** Input plus output tokens of the whole run tree; `null` = no limit. */
  readonly maxTokens: number | null;
  /** Money for the whole run tree; `null` = no limit. */
  readonly budgetUsd: number | null;
  /** Wall time from start to the last turn, without what the run spent paused or blocked; `null` = no limit. */
  readonly timeoutMs: number | null;
  /** How deep child runs (`rlm_query`) may nest below this one; 0: there is no `rlm_query`. A child gets one less. */
  readonly maxDepth: number;
  /** What a reached limit leads to: `extract`, one more call and a degraded result; `wait`, a blocked run that `rlm budget` revives. */
  readonly onLimit: "extract" | "wait";
}
