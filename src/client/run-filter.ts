import type { RunStatus } from "../core/result.js";
import { SEARCH_ATTRIBUTES } from "../core/visibility.js";
import { WORKFLOW_TYPE } from "../core/wire.js";
import type { RunListing } from "./list-runs.js";

/** Which runs are meant. What is left out does not matter. */
export interface RunFilter {
  readonly status?: readonly RunStatus[];
  readonly job?: string;
  /** Root model. */
  readonly model?: string;
  /** Id of a batch: its rows. */
  readonly batch?: string;
  /** Child runs below this run; they are listed only then, or with `children`. */
  readonly rootRun?: string;
  /** Started at or after this instant. */
  readonly sinceMs?: number;
  /** Started before this instant. */
  readonly beforeMs?: number;
  /** Anywhere in id, job or signature; case does not matter. */
  readonly text?: string;
  /** Child runs (`rlm_query`) too; they are found through their parents. @default false */
  readonly children?: boolean;
}

/** Whether a run is meant. What decides: the query below only spares the server work. */
export function matches(filter: RunFilter, run: RunListing): boolean {
  const { status, job, model, batch, rootRun, sinceMs, beforeMs, text, children = false } = filter;
  if (!children && rootRun === undefined && run.rootRun !== null) return false;
  if (status !== undefined && !status.includes(run.status)) return false;
  if (job !== undefined && run.job !== job) return false;
  if (model !== undefined && run.model !== model) return false;
  if (batch !== undefined && run.batch !== batch) return false;
  if (rootRun !== undefined && run.rootRun !== rootRun) return false;
  if (sinceMs !== undefined && run.startedAtMs < sinceMs) return false;
  if (beforeMs !== undefined && run.startedAtMs >= beforeMs) return false;
  return text === undefined || [run.workflowId, run.job, run.signature].some((each) => each?.toLowerCase().includes(text.toLowerCase()));
}

const { status: STATUS, job: JOB, model: MODEL, batch: BATCH, rootRun: ROOT } = SEARCH_ATTRIBUTES;

/** The filter as a query of Temporal's visibility; runs that were started without search attributes stay in. @param attributes the server knows them */
export function toQuery({ status, job, model, batch, rootRun, sinceMs, beforeMs, children = false }: RunFilter, attributes: boolean): string {
  const time = (ms: number): string => quote(new Date(ms).toISOString());
  const parts = [
    `WorkflowType = ${quote(WORKFLOW_TYPE)}`,
    `ExecutionStatus != "ContinuedAsNew"`,
    ...(sinceMs === undefined ? [] : [`StartTime >= ${time(sinceMs)}`]),
    ...(beforeMs === undefined ? [] : [`StartTime < ${time(beforeMs)}`]),
  ];
  if (!attributes) return parts.join(" AND ");
  const equal = ({ name }: { readonly name: string }, value: string | undefined): string[] => (value === undefined ? [] : [`${name} = ${quote(value)}`]);
  const labels = [...equal(JOB, job), ...equal(MODEL, model), ...equal(BATCH, batch), ...equal(ROOT, rootRun), ...(!children && rootRun === undefined ? [`${ROOT.name} IS NULL`] : [])];
  if (status !== undefined) labels.push(statusQuery(status));
  return [...parts, ...(labels.length === 0 ? [] : [`(${STATUS.name} IS NULL OR (${labels.join(" AND ")}))`])].join(" AND ");
}

/** A run that was ended from outside keeps the status it had. */
function statusQuery(status: readonly RunStatus[]): string {
  const any = [`${STATUS.name} IN (${status.map(quote).join(", ")})`];
  if (status.includes("failed")) any.push(`ExecutionStatus IN ("Terminated", "TimedOut", "Failed")`);
  if (status.includes("cancelled")) any.push(`ExecutionStatus = "Canceled"`);
  return `(${any.join(" OR ")})`;
}

function quote(text: string): string {
  return `"${text.replaceAll(/["\\]/g, "\\$&")}"`;
}
