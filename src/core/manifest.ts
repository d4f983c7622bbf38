import type { BlobRef } from "./blob-ref.js";
import type { RunStatus } from "./result.js";
import type { Usage } from "./usage.js";

/**
 * Written when a run closes, under `manifestName(workflowId)`; results, trajectories and forks read it after Temporal's
 * retention is over. A root of garbage collection until `rlm delete`.
 */
export interface Manifest {
  readonly v: 1;
  readonly workflowId: string;
  readonly runId: string;
  readonly runUid: string;
  readonly specRef: BlobRef;
  /** `VariableDescription[]` of the inputs. */
  readonly variablesRef: BlobRef | null;
  /** Newest `TurnRecord`. */
  readonly trajectoryRef: BlobRef | null;
  readonly status: Extract<RunStatus, "answered" | "degraded" | "failed" | "cancelled">;
  readonly reason: string | null;
  /** JSON object of the outputs. */
  readonly outputsRef: BlobRef | null;
  readonly turns: number;
  readonly llmCalls: number;
  readonly maxLlmCalls: number;
  readonly usage: Usage;
  readonly startedAtMs: number;
  readonly closedAtMs: number;
}

/** `manifests/<workflow id, hex>/<run id>`: names in the store are plain ASCII, workflow ids need not be. */
export function manifestName(workflowIdHex: string, runId: string): string {
  return `manifests/${workflowIdHex}/${runId}`;
}
