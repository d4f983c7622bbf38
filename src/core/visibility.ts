import type { RunStatus } from "./result.js";
import type { RunMemo } from "./run-memo.js";

/**
 * Search attributes of runs, by which Temporal's own UI and `rlm ls` filter. Registered by `ensureSearchAttributes`; a run works without them.
 * The embedded server has room for 10 Keyword, 3 Int and 3 Double of a namespace.
 */
export const SEARCH_ATTRIBUTES = {
  status: { name: "RlmStatus", type: "KEYWORD" },
  job: { name: "RlmJob", type: "KEYWORD" },
  model: { name: "RlmModel", type: "KEYWORD" },
  batch: { name: "RlmBatch", type: "KEYWORD" },
  /** Child runs (`rlm_query`) only: the run at the top. */
  rootRun: { name: "RlmRootRun", type: "KEYWORD" },
  turns: { name: "RlmTurns", type: "INT" },
  llmCalls: { name: "RlmLlmCalls", type: "INT" },
  costUsd: { name: "RlmCostUsd", type: "DOUBLE" },
} as const;

/** One attribute and its value, as Temporal's client and workflow take it. */
export type AttributePair =
  | { readonly key: { readonly name: string; readonly type: "KEYWORD" }; readonly value: string }
  | { readonly key: { readonly name: string; readonly type: "INT" }; readonly value: number }
  | { readonly key: { readonly name: string; readonly type: "DOUBLE" }; readonly value: number };

/** What people sort runs by; kept in the memo and in the manifest. */
export type RunLabels = Pick<RunMemo, "job" | "batch" | "model" | "rootRun">;

/** Longest `job` or batch name, in characters: a Keyword of the embedded server holds 255. */
export const MAX_LABEL_CHARS = 100;

/** Attributes that stay as they are from the start on. */
export function labelAttributes({ job, batch, model, rootRun }: RunLabels): AttributePair[] {
  const given = { job, batch, model, rootRun };
  return (["job", "batch", "model", "rootRun"] as const).flatMap((name) => {
    const value = given[name];
    return value === undefined ? [] : [{ key: SEARCH_ATTRIBUTES[name], value }];
  });
}

export interface VisibleProgress {
  readonly status: RunStatus;
  readonly turns: number;
  /** Answered sub-calls. */
  readonly llmCalls: number;
  /** `null`: a price is unknown. */
  readonly costUsd: number | null;
}

/** Attributes that change while the run goes on. */
export function progressAttributes({ status, turns, llmCalls, costUsd }: VisibleProgress): AttributePair[] {
  return [
    { key: SEARCH_ATTRIBUTES.status, value: status },
    { key: SEARCH_ATTRIBUTES.turns, value: turns },
    { key: SEARCH_ATTRIBUTES.llmCalls, value: llmCalls },
    ...(costUsd === null ? [] : [{ key: SEARCH_ATTRIBUTES.costUsd, value: costUsd }]),
  ];
}

/** The labels in a memo, which may have come from an older version. */
export function labelsOf({ job, batch, model, rootRun }: Partial<RunMemo>): RunLabels {
  return { ...(job !== undefined && { job }), ...(batch !== undefined && { batch }), ...(model !== undefined && { model }), ...(rootRun !== undefined && { rootRun }) };
}
