import { describeRun } from "../../client/describe-run.js";
import { viewRun } from "../../client/follow-run.js";
import { readManifest } from "../../client/read-manifest.js";
import { resultOfManifest, resultOfView } from "../../client/read-result.js";
import type { RunClient } from "../../client/run-client.js";
import type { BlobRef } from "../../core/blob-ref.js";
import type { ResultDocument } from "../../core/result.js";
import type { RunSpec } from "../../core/run-spec.js";
import { getRecord } from "../../journal/records.js";
import { formatSignature } from "../../signature/format-signature.js";
import { EXIT, type ExitCode } from "../exit-code.js";
import { printJson, printLine } from "../output/print.js";
import { renderOutputs, renderSummary } from "../output/render-result.js";
import { withRun } from "../with-run.js";

/** The result document and what else is known of the run. */
interface RunDocument extends ResultDocument {
  readonly signature: string | null;
  readonly models: RunSpec["models"] | null;
  readonly limits: RunSpec["limits"] | null;
  readonly inputs: readonly { readonly name: string; readonly kind: string; readonly bytes: number }[];
  readonly startedAtMs: number;
  readonly closedAtMs: number | null;
  /** Sessions that were lost and rebuilt; `null` where only the manifest is left. */
  readonly rebuilds: number | null;
  /** What a blocked run waits for, with the cure. */
  readonly blocked: { readonly kind: string; readonly message: string } | null;
  /** Activities that failed and are being tried again. */
  readonly retries: readonly { readonly activity: string; readonly attempt: number; readonly message: string }[];
}

/** `rlm show`: the run as it is now; waits for nothing. */
export async function show(workflowId: string, { json }: { readonly json: boolean }): Promise<ExitCode> {
  return withRun(workflowId, json, async ({ client }, display) => {
    const document = await readRun(client, workflowId);
    display[Symbol.dispose]();
    if (json) printJson(document);
    else printLine(render(document));
    return EXIT.answered;
  });
}

async function readRun(client: RunClient, workflowId: string): Promise<RunDocument> {
  const manifest = await readManifest(client.store, workflowId);
  if (manifest !== null) {
    const { startedAtMs, closedAtMs } = manifest;
    return { ...(await resultOfManifest(client.store, manifest)), ...(await specFields(client, manifest.specRef)), startedAtMs, closedAtMs, rebuilds: null, blocked: null, retries: [] };
  }
  const view = await viewRun(client, workflowId);
  const { startedAtMs, closedAtMs, rebuilds } = view;
  const { blocked, retries } = await describeRun(client, workflowId);
  return {
    ...(await resultOfView(client.store, workflowId, view)),
    ...(await specFields(client, view.specRef)),
    startedAtMs, closedAtMs, rebuilds,
    blocked: blocked === null ? null : { kind: blocked.kind, message: blocked.message },
    retries: retries.map(({ activity, attempt, message }) => ({ activity, attempt, message })),
  };
}

async function specFields({ store }: RunClient, ref: BlobRef | null): Promise<Pick<RunDocument, "signature" | "models" | "limits" | "inputs">> {
  // Another machine's store may hold it.
  if (ref === null || !(await store.has(ref.digest))) return { signature: null, models: null, limits: null, inputs: [] };
  const { signature, models, limits, inputs } = await getRecord<RunSpec>(store, ref);
  return { signature: formatSignature(signature), models, limits, inputs: inputs.map(({ name, kind, ref: { bytes } }) => ({ name, kind, bytes })) };
}

function render(run: RunDocument): string {
  const lines = [
    `run        ${run.workflowId}`,
    `state      ${renderSummary(run)}`,
    `signature  ${run.signature ?? "unknown"}`,
    `inputs     ${run.inputs.map(({ name, kind, bytes }) => `${name} (${kind}, ${bytes} bytes)`).join(", ") || "none"}`,
    `models     ${run.models === null ? "unknown" : `${run.models.root}, sub-calls ${run.models.sub}`}`,
    `started    ${new Date(run.startedAtMs).toISOString()}`,
    ...(run.closedAtMs === null ? [] : [`closed     ${new Date(run.closedAtMs).toISOString()}`]),
    ...(run.rebuilds === null || run.rebuilds === 0 ? [] : [`rebuilds   ${run.rebuilds}`]),
    ...run.retries.map(({ activity, attempt, message }) => `retrying   ${activity}, attempt ${attempt}: ${message}`),
    ...(run.blocked === null ? [] : [`because    ${run.blocked.message}`]),
    ...(run.status === "blocked" ? [`to go on   ${run.reason === "limit" ? `rlm budget ${run.workflowId} with a higher limit` : `rlm retry ${run.workflowId}`}`] : []),
    ...(run.outputs === null ? [] : [renderOutputs(run.outputs)]),
  ];
  return lines.join("\n");
}
