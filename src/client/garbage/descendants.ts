import { WORKFLOW_TYPE } from "../../core/wire.js";
import type { RunMemo } from "../../core/run-memo.js";
import { parentOf, readAllManifests } from "../read-manifest.js";
import type { RunClient } from "../run-client.js";

/**
 * Workflow ids of the runs that some runs and their child runs started with `rlm_query`, each before the run that started it. Those that the server knows,
 * closed without a manifest among them, and those that only the store remembers.
 */
export async function findDescendants(client: RunClient, workflowIds: readonly string[], askServer: boolean): Promise<readonly string[]> {
  const children = new Map<string, Set<string>>();
  for await (const { workflowId, parent } of knownRuns(client, askServer)) if (parent !== null) children.set(parent, (children.get(parent) ?? new Set()).add(workflowId));
  const found = new Set(workflowIds);
  for (const id of found) for (const child of children.get(id) ?? []) found.add(child);
  return [...found].slice(workflowIds.length).reverse();
}

/** Ids of the runs that are rows of a batch. */
export async function findRows(client: RunClient, batchId: string, askServer: boolean): Promise<readonly string[]> {
  const rows = new Set<string>();
  for await (const { workflowId, batch } of knownRuns(client, askServer)) if (batch === batchId) rows.add(workflowId);
  return [...rows];
}

interface KnownRun {
  readonly workflowId: string;
  readonly parent: string | null;
  readonly batch: string | undefined;
}

/** Once or twice each. */
async function* knownRuns(client: RunClient, askServer: boolean): AsyncGenerator<KnownRun> {
  for (const manifest of await readAllManifests(client.store)) yield { workflowId: manifest.workflowId, parent: parentOf(manifest), batch: manifest.labels?.batch };
  if (!askServer) return;
  const { workflow } = await client.temporal();
  for await (const { workflowId, memo } of workflow.list({ query: `WorkflowType = "${WORKFLOW_TYPE}"`, pageSize: 200 })) {
    const { parent = null, batch } = (memo ?? {}) as Partial<RunMemo>;
    yield { workflowId, parent, batch };
  }
}
