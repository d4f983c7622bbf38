import { describeRun } from "../../client/describe-run.js";
import { followRun } from "../../client/follow-run.js";
import { readManifest } from "../../client/read-manifest.js";
import type { RunClient } from "../../client/run-client.js";
import { findUnpolledQueues } from "../../client/unpolled-queues.js";
import { isClosed, type RunView } from "../../core/run-view.js";
import type { TurnAnchor } from "../../client/pages/turn-source.js";
import type { RunDetail } from "../wire.js";
import { newest } from "./newest.js";
import { detailOfManifest, detailOfView } from "./run-detail.js";
import { addToStory, EMPTY_STORY, type RunStory } from "./run-story.js";

/** A busy run has dozens of steps a second. */
const PACE = { quietMs: 60, atLeastMs: 400 };

export interface WatchOptions {
  readonly signal: AbortSignal;
  /** Told where the turns hang, while the run is watched: others need not read its history for that. */
  readonly anchors: Map<string, TurnAnchor>;
}

/**
 * The run as it changes; the first at once. Ends when it is closed. Needs no worker, and for a closed run no server.
 * @throws RunNotFoundError
 */
export async function* watchRun(client: RunClient, workflowId: string, { signal, anchors }: WatchOptions): AsyncGenerator<RunDetail> {
  const { store } = client;
  const manifest = await readManifest(store, workflowId);
  if (manifest !== null) {
    yield await detailOfManifest(store, manifest, await pastStory(client, workflowId));
    return;
  }
  try {
    for await (const { view, story } of newest(tellStory(client, workflowId, { follow: true, signal }), PACE)) {
      anchors.set(workflowId, view);
      const detail = await detailOfView(store, workflowId, view, story, isClosed(view) ? { retries: [], warning: null } : await lookAround(client, workflowId, view));
      yield detail;
      if (!detail.open) return;
    }
  } finally {
    anchors.delete(workflowId);
  }
}

async function* tellStory(client: RunClient, workflowId: string, options: { readonly follow: boolean; readonly signal?: AbortSignal }): AsyncGenerator<{ readonly view: RunView; readonly story: RunStory }> {
  let story = EMPTY_STORY;
  for await (const { view, progress } of followRun(client, workflowId, options)) {
    story = progress.reduce(addToStory, story);
    yield { view, story };
  }
}

/** Of a closed run: what the server still knows of its history. */
async function pastStory(client: RunClient, workflowId: string): Promise<RunStory> {
  let past = EMPTY_STORY;
  try {
    for await (const { story } of tellStory(client, workflowId, { follow: false })) past = story;
  } catch {
    // No server, or it has forgotten: the manifest is enough.
  }
  return past;
}

/** What the history does not tell: tries that failed, and whether anybody is there to go on. */
async function lookAround(client: RunClient, workflowId: string, { queues }: RunView): Promise<Pick<RunDetail, "retries" | "warning">> {
  try {
    const { retries, pinnedTo } = await describeRun(client, workflowId);
    const unpolled = queues === null ? [] : await findUnpolledQueues(client, queues, pinnedTo);
    const warning = unpolled.length === 0 ? null : `No worker polls ${unpolled.join(", ")}: the run waits. Start one with \`rlm worker\`; an embedded stack brings its own (\`rlm up\`).`;
    return { retries: retries.map(({ activity, attempt, message }) => ({ activity, attempt, message })), warning };
  } catch (error) {
    return { retries: [], warning: error instanceof Error ? error.message : String(error) };
  }
}
