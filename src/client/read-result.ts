import type { BlobRef } from "../core/blob-ref.js";
import type { Manifest } from "../core/manifest.js";
import type { ResultDocument } from "../core/result.js";
import { isClosed, type RunView } from "../core/run-view.js";
import type { BlobStore } from "../store/blob-store.js";
import { parseExactJson } from "./exact-json.js";
import { followRun, viewRun } from "./follow-run.js";
import { readManifest } from "./read-manifest.js";
import type { RunClient } from "./run-client.js";

/**
 * The result document as it is now: of a closed run from its manifest (no server needed), else from the history.
 * Integers that a double cannot hold are `bigint` in `outputs`.
 * @throws RunNotFoundError
 */
export async function readResult(client: RunClient, workflowId: string): Promise<ResultDocument> {
  const manifest = await readManifest(client.store, workflowId);
  if (manifest !== null) return resultOfManifest(client.store, manifest);
  return resultOfView(client.store, workflowId, await viewRun(client, workflowId));
}

/**
 * Waits until the run is closed. Needs the server, never a worker; a worker must exist somewhere for the run to move.
 * @throws RunNotFoundError
 */
export async function waitForResult(client: RunClient, workflowId: string, signal?: AbortSignal): Promise<ResultDocument> {
  const manifest = await readManifest(client.store, workflowId);
  if (manifest !== null) return resultOfManifest(client.store, manifest);
  let last: RunView | null = null;
  for await (const { view } of followRun(client, workflowId, { follow: true, ...(signal !== undefined && { signal }) })) last = view;
  signal?.throwIfAborted();
  if (last === null || !isClosed(last)) return readResult(client, workflowId);
  return resultOfView(client.store, workflowId, last);
}

export async function resultOfManifest(store: BlobStore, manifest: Manifest): Promise<ResultDocument> {
  const { workflowId, runId, status, reason, turns, llmCalls, maxLlmCalls, usage } = manifest;
  const durationMs = manifest.closedAtMs - manifest.startedAtMs;
  return { workflowId, runId, status, reason, outputs: await readOutputs(store, manifest.outputsRef), turns, llmCalls, maxLlmCalls, usage, durationMs };
}

export async function resultOfView(store: BlobStore, workflowId: string, view: RunView): Promise<ResultDocument> {
  const { runId, status, reason, turn, llmCalls, maxLlmCalls, usage, startedAtMs, closedAtMs } = view;
  const outputs = isClosed(view) ? await readOutputs(store, view.outputsRef) : null;
  const durationMs = startedAtMs === 0 ? 0 : (closedAtMs ?? Date.now()) - startedAtMs;
  return { workflowId, runId, status, reason, outputs, turns: turn, llmCalls, maxLlmCalls, usage, durationMs };
}

async function readOutputs(store: BlobStore, ref: BlobRef | null): Promise<Readonly<Record<string, unknown>> | null> {
  if (ref === null) return null;
  return parseExactJson(Buffer.from(await store.get(ref.digest)).toString("utf8")) as Readonly<Record<string, unknown>>;
}
