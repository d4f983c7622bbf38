import { manifestName, type Manifest } from "../../core/manifest.js";
import { findRefs, findUuids, type FoundRef } from "../../journal/find-refs.js";
import { Marking } from "../../journal/marking.js";
import type { BlobInventory, StoredEntry } from "../../store/blob-inventory.js";
import { RunNotFoundError } from "../errors.js";
import type { RunClient } from "../run-client.js";
import { workflowIdHex } from "../workflow-id.js";
import { findDescendants } from "./descendants.js";
import { amountOf, NOTHING, type Amount } from "./garbage-report.js";
import { readHistoryRefs } from "./history-refs.js";
import { listed } from "./listed.js";
import { isReply, manifestCopy, markEntries, markServerRuns, runUidOf, type Living } from "./mark-living.js";
import { foreignNamespace, namespaceOf } from "./store-namespaces.js";
import { deleteExecutions, findExecutions, type RunExecution } from "./run-executions.js";

export interface DeletedRun {
  readonly workflowId: string;
  /** Workflow ids of its child runs, deleted with it. */
  readonly children: readonly string[];
  /** Blobs that nothing else refers to. What is left is found by `rlm gc`. */
  readonly removed: Amount;
  readonly replies: Amount;
}

class RunOpenError extends Error {
  override readonly name = "RunOpenError";
  readonly code = "run_open";
  constructor(readonly workflowId: string, childOf: string | null) {
    super(`The run "${workflowId}"${childOf === null ? "" : `, a child run of "${childOf}",`} is open. Stop it first: \`rlm cancel ${workflowId}\`.`);
  }
}

/** One run that is to go: where it is written down, and what it refers to. */
interface DoomedRun {
  readonly workflowId: string;
  readonly executions: readonly RunExecution[];
  /** Names of its manifests. */
  readonly manifests: readonly string[];
  readonly refs: readonly FoundRef[];
  readonly uuids: readonly string[];
  readonly closedAtMs: number;
}

/**
 * Deletes a closed run and its child runs: their manifests, their replies, the blobs that are theirs alone, and what the server remembers of them.
 * Children go first: killed in the middle, the run is there to be deleted again, or gone altogether, and garbage collection finds the rest.
 * @throws RunNotFoundError, RunOpenError the run or a child of it is open
 */
export async function deleteRun(client: RunClient, inventory: BlobInventory, workflowId: string, { askServer }: { readonly askServer: boolean }): Promise<DeletedRun> {
  const { store } = client;
  const before = await listed(inventory.listEntries());
  const children = await findDescendants(client, workflowId, askServer);
  const doomed: DoomedRun[] = [];
  for (const id of [...children, workflowId]) {
    const executions = askServer ? await findExecutions(client, id) : [];
    if (executions.some(({ open }) => open)) throw new RunOpenError(id, id === workflowId ? null : workflowId);
    doomed.push(await readDoomed(client, id, executions, before));
  }
  const parent = doomed.at(-1);
  if (parent === undefined || parent.executions.length + parent.manifests.length === 0) throw new RunNotFoundError(workflowId);

  const blobs = await listed(inventory.listBlobs());
  const sizes = new Map(blobs.map(({ digest, bytes }) => [digest, bytes]));
  const ofRuns = new Marking(store, sizes);
  await ofRuns.add(doomed.flatMap(({ refs }) => refs));

  for (const { workflowId: id, executions, manifests } of doomed) {
    if (executions.length > 0) await deleteExecutions(client, id, executions);
    for (const name of manifests) await store.deleteNamed(name);
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
  // What was used again since the run closed may be on its way into a new one.
  // Runs of another namespace may use them, and cannot be asked.
  const shared = (await foreignNamespace(store, askServer ? await namespaceOf(client) : null)) !== null;
  const removed = shared || others.missing.length > 0 ? [] : await inventory.sweep(exclusive.map(({ digest }) => digest), parent.closedAtMs);
  return { workflowId, children, removed: removed.length === 0 ? NOTHING : amountOf(removed), replies: amountOf(replies) };
}

async function readDoomed(client: RunClient, workflowId: string, executions: readonly RunExecution[], entries: readonly StoredEntry[]): Promise<DoomedRun> {
  const prefix = manifestName(workflowIdHex(workflowId), "");
  const manifests = entries.map(({ name }) => name).filter((name) => name.startsWith(prefix));
  const refs: FoundRef[] = [];
  const uuids: string[] = [];
  let closedAtMs = Date.now();
  for (const name of manifests) {
    const bytes = await client.store.getNamed(name);
    if (bytes === null) continue;
    const manifest = JSON.parse(Buffer.from(bytes).toString("utf8")) as Manifest;
    refs.push(...findRefs(manifest), manifestCopy(bytes));
    uuids.push(manifest.runUid);
    closedAtMs = Math.min(closedAtMs, manifest.closedAtMs);
  }
  for (const { runId } of executions) refs.push(...(await readHistoryRefs(client, workflowId, runId)).refs);
  return { workflowId, executions, manifests, refs, uuids, closedAtMs };
}
