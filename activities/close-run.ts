import type { BlobRef } from "../src/core/blob-ref.js";
import { manifestName, type Manifest } from "../src/core/manifest.js";
import type { CloseArgs } from "../src/core/wire.js";
import { encodeRecord } from "../src/journal/records.js";
import type { CallDeps } from "./deps.js";

/** Writes the manifest, so that result, trajectory and forks outlive Temporal's retention. Repeating it changes nothing. */
export async function closeRun({ store, nowMs, observe }: CallDeps, args: CloseArgs): Promise<{ readonly manifestRef: BlobRef }> {
  const { run, ...rest } = args;
  const manifest: Manifest = { v: 1, workflowId: run.workflowId, runUid: run.runUid, ...rest, closedAtMs: nowMs() };
  const name = manifestName(Buffer.from(run.workflowId, "utf8").toString("hex"), args.runId);
  const { status, startedAtMs } = args;
  const stored = await store.putNamed(name, encodeRecord(manifest));
  const manifestRef = await store.put(stored);
  observe?.({ type: "run-closed", runUid: run.runUid, status, startedAtMs, closedAtMs: manifest.closedAtMs });
  return { manifestRef };
}
