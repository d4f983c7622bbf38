import { manifestName, type Manifest } from "../../core/manifest.js";
import { findRefs, findUuids, type FoundRef } from "../../journal/find-refs.js";
import { Marking } from "../../journal/marking.js";
import type { BlobInventory, StoredEntry } from "../../store/blob-inventory.js";
import type { RunClient } from "../run-client.js";
import { workflowIdHex } from "../workflow-id.js";
import { amountOf, NOTHING, type Amount } from "./garbage-report.js";
import { readHistoryRefs } from "./history-refs.js";
import { listed } from "./listed.js";
import { isReply, manifestCopy, markEntries, markServerRuns, runUidOf, type Living } from "./mark-living.js";
import { foreignNamespace, namespaceOf } from "./store-namespaces.js";
import { deleteExecutions, findExecutions, type RunExecution } from "./run-executions.js";

class RunOpenError extends Error {
  override readonly name = "RunOpenError";
  readonly code = "run_open";
  constructor(readonly workflowId: string, of: string) {
    super(`The run "${workflowId}"${of} is open. Stop it first: \`rlm cancel ${workflowId}\`.`);
  }
}

/** What is to go under one workflow id: where it is written down, and what it refers to. */
export interface Doomed {
  readonly workflowId: string;
  readonly executions: readonly RunExecution[];
  /** Names in the store: its manifests, or the records of a batch. */
  readonly names: readonly string[];
  readonly refs: readonly FoundRef[];
  readonly uuids: readonly string[];
  readonly closedAtMs: number;
}

export interface Removed {
  /** Blobs that nothing else refers to. What is left is found by `rlm gc`. */
  readonly removed: Amount;
  readonly replies: Amount;
}

/**
 * Removes what has a name in the given order, then the blobs that were theirs alone, and what the server remembers of them. Killed in the middle, the last
 * one is there to be deleted again, or gone altogether, and garbage collection finds the rest.
 * @param touchedBeforeMs blobs that were written since stay: they may be on their way into a new run
 */
export async function deleteTogether(client: RunClient, inventory: BlobInventory, doomed: readonly Doomed[], { askServer, touchedBeforeMs }: { readonly askServer: boolean; readonly touchedBeforeMs: number }): Promise<Removed> {
  const { store } = client;
  const blobs = await listed(inventory.listBlobs());
  const sizes = new Map(blobs.map(({ digest, bytes }) => [digest, bytes]));
  const ofRuns = new Marking(store, sizes);
  await ofRuns.add(doomed.flatMap(({ refs }) => refs));

  for (const { workflowId: id, executions, names } of doomed) {
    if (executions.length > 0) await deleteExecutions(client, id, executions);
    for (const name of names) await store.deleteNamed(name);
  }
  // Whoever is left: a fork may have come from here.
  const others = new Marking(store, sizes);
  const living: Living = { uuids: new Set(), histories: new Set(doomed.flatMap(({ executions }) => executions.map(({ runId }) => runId))) };
  if (askServer) await markServerRuns(client, others, living);
  const entries = await listed(inventory.listEntries());
  await markEntries(client, entries, others, living);
  if (askServer) await markServerRuns(client, others, living);
  const gone = new Set(findUuids(doomed.flatMap(({ uuids }) => uuids)).filter((uuid) => !living.uuids.has(uuid)));
  const replies = entries.filter(({ name }) => isReply(name) && gone.has(runUidOf(name)));
  for (const { name } of replies) await store.deleteNamed(name);
  const exclusive = blobs.filter(({ digest }) => ofRuns.kindOf(digest) !== null && others.kindOf(digest) === null);
  // Runs of another namespace may use them, and cannot be asked.
  const shared = (await foreignNamespace(store, askServer ? await namespaceOf(client) : null)) !== null;
  const removed = shared || others.missing.length > 0 ? [] : await inventory.sweep(exclusive.map(({ digest }) => digest), touchedBeforeMs);
  return { removed: removed.length === 0 ? NOTHING : amountOf(removed), replies: amountOf(replies) };
}

/**
 * @param of for people, where it is not the run that was named
 * @throws RunOpenError
 */
export async function readDoomed(client: RunClient, workflowId: string, { askServer, entries, of = "" }: { readonly askServer: boolean; readonly entries: readonly StoredEntry[]; readonly of?: string }): Promise<Doomed> {
  const executions = askServer ? await findExecutions(client, workflowId) : [];
  if (executions.some(({ open }) => open)) throw new RunOpenError(workflowId, of);
  const prefix = manifestName(workflowIdHex(workflowId), "");
  const names = entries.map(({ name }) => name).filter((name) => name.startsWith(prefix));
  const refs: FoundRef[] = [];
  const uuids: string[] = [];
  let closedAtMs = Date.now();
  for (const name of names) {
    const bytes = await client.store.getNamed(name);
    if (bytes === null) continue;
    const manifest = JSON.parse(Buffer.from(bytes).toString("utf8")) as Manifest;
    refs.push(...findRefs(manifest), manifestCopy(bytes));
    uuids.push(manifest.runUid);
    closedAtMs = Math.min(closedAtMs, manifest.closedAtMs);
  }
  for (const { runId } of executions) refs.push(...(await readHistoryRefs(client, workflowId, runId)).refs);
  return { workflowId, executions, names, refs, uuids, closedAtMs };
}
