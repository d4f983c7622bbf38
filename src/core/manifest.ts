import type { CloseArgs } from "./wire.js";

/**
 * Written when a run closes, under `manifestName(workflowId)`; results, trajectories and forks read it after Temporal's
 * retention is over. A root of garbage collection until `rlm delete`.
 */
export interface Manifest extends Omit<CloseArgs, "run"> {
  readonly v: 1;
  readonly workflowId: string;
  readonly runUid: string;
  readonly closedAtMs: number;
}

/** `manifests/<workflow id, hex>/<run id>`: names in the store are plain ASCII, workflow ids need not be. */
export function manifestName(workflowIdHex: string, runId: string): string {
  return `manifests/${workflowIdHex}/${runId}`;
}
