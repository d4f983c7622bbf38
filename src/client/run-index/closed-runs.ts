import type { Manifest } from "../../core/manifest.js";
import type { RunSpec } from "../../core/run-spec.js";
import type { Usage } from "../../core/usage.js";
import { getRecord } from "../../journal/records.js";
import { formatSignature } from "../../signature/format-signature.js";
import type { BlobStore } from "../../store/blob-store.js";
import { parentOf } from "../read-manifest.js";
import { DerivedIndex } from "./derived-index.js";

/** What lists of runs need of a closed one. */
export interface ClosedRun extends Pick<Manifest, "workflowId" | "runId" | "status" | "reason" | "turns" | "llmCalls" | "startedAtMs" | "closedAtMs"> {
  readonly usage: Usage;
  readonly signature: string | null;
  readonly job: string | null;
  readonly batch: string | null;
  /** Set for a child run, which is found through its parent. */
  readonly parent: string | null;
}

/** The closed runs of a store. @param file where they are remembered */
export function closedRunIndex(store: BlobStore, file: string): DerivedIndex<ClosedRun> {
  return new DerivedIndex({
    store, file, version: "closed-runs-1",
    async derive(manifest) {
      const { workflowId, runId, status, reason, turns, llmCalls, startedAtMs, closedAtMs, usage, specRef, labels = {} } = manifest;
      const { job = null, batch = null } = labels;
      return { workflowId, runId, status, reason: reason?.slice(0, 500) ?? null, turns, llmCalls, startedAtMs, closedAtMs, usage, job, batch, signature: await signatureText(store, specRef), parent: parentOf(manifest) };
    },
  });
}

async function signatureText(store: BlobStore, specRef: Manifest["specRef"]): Promise<string | null> {
  if (!(await store.has(specRef.digest))) return null;
  return formatSignature((await getRecord<RunSpec>(store, specRef)).signature).replaceAll(/\s+/g, " ").slice(0, 200);
}
