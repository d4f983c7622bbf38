import type { IndexedRun } from "../../client/run-index/indexed-run.js";
import type { RunSnapshot } from "../../client/run-index/run-index.js";
import type { RunListPage, RunRow } from "../wire.js";

/** As they stand in the page's URL. */
export interface ListFilters {
  /** Empty: all. */
  readonly statuses: readonly string[];
  /** In id, signature, reason or job; empty: all. */
  readonly text: string;
  /** Empty: all. */
  readonly job: string;
  readonly batch: string;
  /** From 1. */
  readonly page: number;
  readonly pageSize: number;
  readonly sort: SortKey;
}

export const SORT_KEYS = ["started", "duration", "calls", "cost"] as const;
export type SortKey = (typeof SORT_KEYS)[number];

const MAX_PAGE_SIZE = 200;

/** Reads the filters of a URL; what makes no sense is left out. */
export function readFilters(query: URLSearchParams): ListFilters {
  const number = (name: string, otherwise: number, max: number) => {
    const value = Number(query.get(name) ?? otherwise);
    return Number.isInteger(value) && value >= 1 ? Math.min(value, max) : otherwise;
  };
  return {
    statuses: (query.get("status") ?? "").split(",").filter((each) => each !== ""),
    job: query.get("job") ?? "",
    batch: query.get("batch") ?? "",
    text: (query.get("q") ?? "").trim().toLowerCase(),
    page: number("page", 1, 1_000_000),
    pageSize: number("size", 100, MAX_PAGE_SIZE),
    sort: SORT_KEYS.find((key) => key === query.get("sort")) ?? "started",
  };
}

/** One page of the runs that the filters let through. Pure. */
export function filterRuns({ runs: all, serverError }: RunSnapshot, { statuses, text, job, batch, page, pageSize, sort }: ListFilters, nowMs: number): RunListPage {
  const runs = job === "" && batch === "" ? all : all.filter((run) => (job === "" || run.job === job) && (batch === "" || run.batch === batch));
  const named = text === "" ? runs : runs.filter((run) => [run.workflowId, run.signature, run.reason, run.job].some((each) => each?.toLowerCase().includes(text) === true));
  const counts: Record<string, number> = {};
  for (const { status } of named) counts[status] = (counts[status] ?? 0) + 1;
  const chosen = statuses.length === 0 ? named : named.filter(({ status }) => statuses.includes(status));
  const sorted = sort === "started" ? chosen : [...chosen].sort((a, b) => sortValue(b, sort, nowMs) - sortValue(a, sort, nowMs));
  const pages = Math.max(1, Math.ceil(sorted.length / pageSize));
  const shown = Math.min(page, pages);
  const warning = serverError === null ? null : `Open runs are not shown: ${serverError}`;
  return { runs: sorted.slice((shown - 1) * pageSize, shown * pageSize).map(toRow), total: sorted.length, page: shown, pages, counts, warning };
}

function sortValue({ startedAtMs, closedAtMs, llmCalls, costUsd }: IndexedRun, key: SortKey, nowMs: number): number {
  if (key === "duration") return (closedAtMs ?? nowMs) - startedAtMs;
  return (key === "calls" ? llmCalls : costUsd) ?? -1;
}

function toRow({ workflowId, status, reason, signature, startedAtMs, closedAtMs, turns, llmCalls, costUsd, tokens, job, batch }: IndexedRun): RunRow {
  return { workflowId, status, reason, signature, startedAtMs, closedAtMs, turns, llmCalls, costUsd, tokens, job, batch };
}
