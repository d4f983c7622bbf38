import { manifestName, type Manifest } from "../../core/manifest.js";
import { findRefs, findUuids, type FoundRef } from "../../journal/find-refs.js";
import { Marking } from "../../journal/marking.js";
import type { BlobInventory } from "../../store/blob-inventory.js";
import { RunNotFoundError } from "../errors.js";
import type { RunClient } from "../run-client.js";
import { workflowIdHex } from "../workflow-id.js";
import { amountOf, NOTHING, type Amount } from "./garbage-report.js";
import { readHistoryRefs } from "./history-refs.js";
import { listed } from "./listed.js";
import { isReply, manifestCopy, markEntries, markServerRuns, runUidOf, type Living } from "./mark-living.js";
import { foreignNamespace, namespaceOf } from "./store-namespaces.js";
import { deleteExecutions, findExecutions } from "./run-executions.js";

export interface DeletedRun {
  readonly workflowId: string;
  /** Blobs that nothing else refers to. What is left is found by `rlm gc`. */
  readonly removed: Amount;
  readonly replies: Amount;
}

class RunOpenError extends Error {
  override readonly name = "RunOpenError";
  readonly code = "run_open";
  constructor(readonly workflowId: string) {
    super(`The run "${workflowId}" is open. Stop it first: \`rlm cancel ${workflowId}\`.`);
  }
}

/**
 * Deletes a closed run: its manifest, its replies, the blobs that are its alone, and what the server remembers of it. Killed in the middle, the run is
 * gone or not, and garbage collection finds the rest.
 * @throws RunNotFoundError, RunOpenError
 */
export async function deleteRun(client: RunClient, inventory: BlobInventory, workflowId: string, { askServer }: { readonly askServer: boolean }): Promise<DeletedRun> {
  const { store } = client;
  const executions = askServer ? await findExecutions(client, workflowId) : [];
  if (executions.some(({ open }) => open)) throw new RunOpenError(workflowId);
  const prefix = manifestName(workflowIdHex(workflowId), "");
  const before = await listed(inventory.listEntries());
  const manifests = before.filter(({ name }) => name.startsWith(prefix));
  if (executions.length === 0 && manifests.length === 0) throw new RunNotFoundError(workflowId);

  const own: { refs: FoundRef[]; uuids: string[]; closedAtMs: number } = { refs: [], uuids: [], closedAtMs: Date.now() };
  for (const { name } of manifests) {
    const bytes = await store.getNamed(name);
    if (bytes === null) continue;
    const manifest = JSON.parse(Buffer.from(bytes).toString("utf8")) as Manifest;
    own.refs.push(...findRefs(manifest), manifestCopy(bytes));
    own.uuids.push(manifest.runUid);
    own.closedAtMs = Math.min(own.closedAtMs, manifest.closedAtMs);
  }
  for (const { runId } of executions) own.refs.push(...(await readHistoryRefs(client, workflowId, runId)).refs);
  const blobs = await listed(inventory.listBlobs());
  const sizes = new Map(blobs.map(({ digest, bytes }) => [digest, bytes]));
  const ofRun = new Marking(store, sizes);
  await ofRun.add(own.refs);

  if (executions.length > 0) await deleteExecutions(client, workflowId, executions);
  for (const { name } of manifests) await store.deleteNamed(name);
  // Whoever is left: a fork may have come from here.
  const others = new Marking(store, sizes);
  const living: Living = { uuids: new Set(), histories: new Set(executions.map(({ runId }) => runId)) };
  if (askServer) await markServerRuns(client, others, living);
  const entries = await listed(inventory.listEntries());
  await markEntries(client, entries, others, living);
  if (askServer) await markServerRuns(client, others, living);
  const gone = new Set(findUuids(own.uuids).filter((uuid) => !living.uuids.has(uuid)));
  const replies = entries.filter(({ name }) => isReply(name) && gone.has(runUidOf(name)));
  for (const { name } of replies) await store.deleteNamed(name);
  const exclusive = blobs.filter(({ digest }) => ofRun.kindOf(digest) !== null && others.kindOf(digest) === null);
  // What was used again since the run closed may be on its way into a new one.
  // Runs of another namespace may use them, and cannot be asked.
  const shared = (await foreignNamespace(store, askServer ? await namespaceOf(client) : null)) !== null;
  const removed = shared || others.missing.length > 0 ? [] : await inventory.sweep(exclusive.map(({ digest }) => digest), own.closedAtMs);
  return { workflowId, removed: removed.length === 0 ? NOTHING : amountOf(removed), replies: amountOf(replies) };
}
