import { RunNotFoundError } from "../client/errors.js";
import { followRun } from "../client/follow-run.js";
import { readManifest } from "../client/read-manifest.js";
import type { RunClient } from "../client/run-client.js";
import type { RunProgress } from "../core/run-progress.js";

/** The events of a run one by one. Of a closed run that the server has forgotten only its end is left. */
export async function* watchRun(client: RunClient, workflowId: string, signal?: AbortSignal): AsyncGenerator<RunProgress> {
  try {
    for await (const { progress } of followRun(client, workflowId, { follow: true, ...(signal !== undefined && { signal }) })) yield* progress;
  } catch (error) {
    const manifest = error instanceof RunNotFoundError ? await readManifest(client.store, workflowId) : null;
    if (manifest === null) throw error;
    yield { type: "closed", atMs: manifest.closedAtMs, status: manifest.status, reason: manifest.reason };
  }
}
