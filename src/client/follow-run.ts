import { setTimeout as sleep } from "node:timers/promises";
import { foldHistory } from "../core/fold-history.js";
import type { HistoryFact } from "../core/history-fact.js";
import type { RunProgress } from "../core/run-progress.js";
import { EMPTY_VIEW, isClosed, type RunView } from "../core/run-view.js";
import { addUsage } from "../core/usage.js";
import { describeRun } from "./describe-run.js";
import { readRunHistory } from "./read-run-history.js";
import type { RunClient } from "./run-client.js";

export interface FollowOptions {
  /** Wait until the run is closed; else end with what has happened so far. */
  readonly follow: boolean;
  readonly signal?: AbortSignal;
}

export interface RunUpdate {
  readonly view: RunView;
  readonly progress: readonly RunProgress[];
}

/** While the history is silent the pending activities are looked at, so that retries show. */
const LOOK_AT_RETRIES_MS = 2000;

/**
 * The run as its history grows: each update holds what is new and the whole view after it. Ends when the run is closed, when `signal` says so, or
 * at the end of the history. Needs no worker.
 * @throws RunNotFoundError
 */
export async function* followRun(client: RunClient, workflowId: string, { follow, signal }: FollowOptions): AsyncGenerator<RunUpdate> {
  const { firstRunId } = await describeRun(client, workflowId);
  // A long poll must not outlive a reader that leaves early.
  const leaving = new AbortController();
  const stop = signal === undefined ? leaving.signal : AbortSignal.any([signal, leaving.signal]);
  try {
    yield* fold(client, workflowId, readRunHistory(client, { workflowId, runId: firstRunId, follow, signal: stop }), follow);
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  } finally {
    leaving.abort();
  }
}

async function* fold(client: RunClient, workflowId: string, pages: AsyncGenerator<readonly HistoryFact[]>, follow: boolean): AsyncGenerator<RunUpdate> {
  const seenRetries = new Map<string, number>();
  let view = EMPTY_VIEW;
  let next = pages.next();
  while (!isClosed(view)) {
    const page = follow ? await within(next, LOOK_AT_RETRIES_MS) : await next;
    if (page === "late") {
      const progress = await newRetries(client, workflowId, seenRetries);
      if (progress.length > 0) yield { view, progress };
      continue;
    }
    if (page.done === true) return;
    const progress: RunProgress[] = [];
    for (const fact of page.value) {
      const folded = foldHistory(view, fact);
      view = folded.view;
      progress.push(...folded.progress);
    }
    if (page.value.length > 0) yield { view, progress };
    if (!isClosed(view)) next = pages.next();
  }
}

/**
 * The view after all that has happened so far, with what child runs that are under way have used up to now: the books of the whole tree.
 * @throws RunNotFoundError
 */
export async function viewRun(client: RunClient, workflowId: string): Promise<RunView> {
  let view = EMPTY_VIEW;
  for await (const update of followRun(client, workflowId, { follow: false })) view = update.view;
  const children = await Promise.all(view.openChildren.map((id) => viewRun(client, id)));
  return children.reduce(withChild, view);
}

function withChild(view: RunView, child: RunView): RunView {
  return { ...view, llmCalls: view.llmCalls + child.llmCalls, failedCalls: view.failedCalls + child.failedCalls, usage: addUsage(view.usage, child.usage) };
}

async function newRetries(client: RunClient, workflowId: string, seen: Map<string, number>): Promise<RunProgress[]> {
  // The server may be away right now: the history reader deals with that, and says so.
  const pending = await describeRun(client, workflowId).then(({ retries }) => retries, () => []);
  const fresh = pending.filter(({ id, attempt }) => seen.get(id) !== attempt);
  return fresh.map(({ id, activity, attempt, message }) => {
    seen.set(id, attempt);
    return { type: "retrying", atMs: Date.now(), activity, attempt, message };
  });
}

async function within<T>(promise: Promise<T>, ms: number): Promise<T | "late"> {
  const timer = new AbortController();
  try {
    return await Promise.race([promise, sleep(ms, "late" as const, { signal: timer.signal })]);
  } finally {
    timer.abort();
  }
}
