import { WORKFLOW_TYPE } from "../../core/wire.js";
import type { RunMemo } from "../../core/run-memo.js";
import { parentOf, readAllManifests } from "../read-manifest.js";
import type { RunClient } from "../run-client.js";

/**
 * Workflow ids of the runs that a run and its child runs started with `rlm_query`, each before the run that started it. Those that the server knows, closed
 * without a manifest among them, and those that only the store remembers.
 */
export async function findDescendants(client: RunClient, workflowId: string, askServer: boolean): Promise<readonly string[]> {
  const children = new Map<string, Set<string>>();
  const note = (child: string, parent: string | null): void => {
    if (parent !== null) children.set(parent, (children.get(parent) ?? new Set()).add(child));
  };
  for (const manifest of await readAllManifests(client.store)) note(manifest.workflowId, parentOf(manifest));
  if (askServer) {
    const { workflow } = await client.temporal();
    for await (const { workflowId: child, memo } of workflow.list({ query: `WorkflowType = "${WORKFLOW_TYPE}"`, pageSize: 200 })) {
      note(child, (memo as Partial<RunMemo> | undefined)?.parent ?? null);
    }
  }
  const found = [workflowId];
  for (const id of found) found.push(...[...(children.get(id) ?? [])].filter((child) => !found.includes(child)));
  return found.slice(1).reverse();
}
