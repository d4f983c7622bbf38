import type { ResultDocument } from "../core/result.js";
import type { RunProgress } from "../core/run-progress.js";
import { isClosed, type RunView } from "../core/run-view.js";
import { RunNotFoundError } from "../client/errors.js";
import { followRun } from "../client/follow-run.js";
import { readManifest } from "../client/read-manifest.js";
import { readResult, resultOfManifest, resultOfView } from "../client/read-result.js";
import type { RunClient } from "../client/run-client.js";
import type { ProgressDisplay } from "./output/progress-display.js";
import { printTurnDetail } from "./output/turn-detail.js";
import { warnOfStandstill } from "./warn-of-standstill.js";

export interface FollowToEnd {
  readonly workflowId: string;
  readonly display: ProgressDisplay;
  /** Reasoning, code and output of each turn, too. */
  readonly verbose: boolean;
  /** False: stop at the end of what has happened. */
  readonly wait: boolean;
  readonly signal?: AbortSignal;
  /** Gets every event from the start of the run, also of a closed one. Absent: a closed run is not looked at again. */
  readonly onProgress?: (event: RunProgress) => void;
}

/** Shows a run until it is closed and returns its result document as it is then; `null` when `signal` said stop before. */
export async function followToEnd(client: RunClient, options: FollowToEnd): Promise<ResultDocument | null> {
  const { workflowId, signal, onProgress } = options;
  const manifest = await readManifest(client.store, workflowId);
  if (manifest !== null && onProgress === undefined && !options.verbose) return resultOfManifest(client.store, manifest);
  try {
    const view = await follow(client, options);
    if (signal?.aborted === true) return null;
    // The manifest first: then every command tells the same of a closed run.
    return view === null || isClosed(view) ? await readResult(client, workflowId) : await resultOfView(client.store, workflowId, view);
  } catch (error) {
    if (manifest === null || !(error instanceof RunNotFoundError)) throw error;
    // A closed run past the server's retention has no history any more; its manifest tells the end.
    onProgress?.({ type: "closed", atMs: manifest.closedAtMs, status: manifest.status, reason: manifest.reason });
    return resultOfManifest(client.store, manifest);
  }
}

async function follow(client: RunClient, { workflowId, display, verbose, wait, signal, onProgress }: FollowToEnd): Promise<RunView | null> {
  let last: RunView | null = null;
  using standstill = warnOfStandstill(client, workflowId, display, () => last);
  for await (const { view, progress } of followRun(client, workflowId, { follow: wait, ...(signal !== undefined && { signal }) })) {
    last = view;
    standstill.moved();
    for (const event of progress) {
      onProgress?.(event);
      if (verbose) await printTurnDetail(client.store, display, event);
    }
    display.update(workflowId, view, progress);
  }
  return last;
}
