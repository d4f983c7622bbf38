import type { BlobRef } from "../../core/blob-ref.js";
import type { Manifest } from "../../core/manifest.js";
import { isClosed, type RunView } from "../../core/run-view.js";
import type { RunSpec } from "../../core/run-spec.js";
import { coarsen } from "../../core/timeline.js";
import { stringifyExactJson } from "../../client/exact-json.js";
import { parentOf } from "../../client/read-manifest.js";
import { resultOfManifest, resultOfView } from "../../client/read-result.js";
import { getRecord } from "../../journal/records.js";
import { formatSignature } from "../../signature/format-signature.js";
import type { BlobStore } from "../../store/blob-store.js";
import type { OperatorNote, RunDetail } from "../wire.js";
import type { RunStory, StoredNote } from "./run-story.js";

/** More cannot be told apart on a screen. */
const MAX_SEGMENTS = 600;
const MAX_NOTES = 200;
/** Longest value of an output that is sent; `rlm result` has all of it. */
const MAX_OUTPUT_CHARS = 200_000;

/** An open run, or one that closed while it was watched. */
export async function detailOfView(store: BlobStore, workflowId: string, view: RunView, story: RunStory, live: Pick<RunDetail, "retries" | "warning">): Promise<RunDetail> {
  const result = await resultOfView(store, workflowId, view);
  const { trajectoryRef, planRef, packHead, llmCalls, failedCalls, suspension } = view;
  return {
    ...(await specFields(store, view.specRef, story)),
    ...storyFields(story),
    notes: await Promise.all(story.notes.slice(-MAX_NOTES).map((each) => readNote(store, each))),
    workflowId, ...live,
    status: result.status, reason: result.reason, open: !isClosed(view), outputs: shownOutputs(result.outputs), parent: null,
    startedAtMs: view.startedAtMs, closedAtMs: view.closedAtMs, turns: view.turn, llmCalls, failedCalls, usage: view.usage, rebuilds: view.rebuilds,
    waitingFor: suspension === null ? null : { count: suspension.count, settled: suspension.settled },
    openChildren: view.openChildren, cancelRequested: view.cancelRequested,
    turnsVersion: [trajectoryRef?.digest, planRef?.digest, packHead?.digest, llmCalls, failedCalls, suspension?.settled].join("/"),
  };
}

/** A closed run, from the store alone; `story` is empty when the server has forgotten its history. */
export async function detailOfManifest(store: BlobStore, manifest: Manifest, story: RunStory): Promise<RunDetail> {
  const { workflowId, status, reason, startedAtMs, closedAtMs, turns, llmCalls, failedCalls, usage, trajectoryRef } = manifest;
  const { outputs } = await resultOfManifest(store, manifest);
  return {
    ...(await specFields(store, manifest.specRef, story)),
    ...storyFields(story),
    notes: await Promise.all(story.notes.slice(-MAX_NOTES).map((each) => readNote(store, each))),
    workflowId, status, reason, open: false, outputs: shownOutputs(outputs), parent: parentOf(manifest), startedAtMs, closedAtMs, turns, llmCalls, failedCalls, usage,
    rebuilds: null, retries: [], waitingFor: null, openChildren: [], cancelRequested: false, turnsVersion: trajectoryRef?.digest ?? "none", warning: null,
  };
}

function storyFields({ timeline, blockedMessage }: RunStory): Pick<RunDetail, "timeline" | "blockedMessage"> {
  return { timeline: coarsen(timeline.segments, MAX_SEGMENTS), blockedMessage };
}

type SpecFields = Pick<RunDetail, "signature" | "instructions" | "models" | "limits" | "inputs" | "forkedFrom">;

async function specFields(store: BlobStore, ref: BlobRef | null, { changedLimits }: RunStory): Promise<SpecFields> {
  // Another machine's store may hold it.
  if (ref === null || !(await store.has(ref.digest))) return { signature: null, instructions: null, models: null, limits: null, inputs: [], forkedFrom: null };
  const { signature, models: { root, sub, allowed }, limits, inputs, forkedFrom = null } = await getRecord<RunSpec>(store, ref);
  return {
    signature: formatSignature(signature),
    instructions: signature.instructions ?? null,
    models: { root, sub, allowed },
    limits: { ...limits, ...changedLimits },
    inputs: inputs.map(({ name, kind, ref: { bytes } }) => ({ name, kind, bytes })),
    forkedFrom,
  };
}

async function readNote(store: BlobStore, { textRef, ...note }: StoredNote): Promise<OperatorNote> {
  const text = textRef === null || !(await store.has(textRef.digest)) ? null : Buffer.from(await store.get(textRef.digest)).toString("utf8");
  return { ...note, text };
}

/** As text: integers keep every digit, and a text is shown without quotes. */
function shownOutputs(outputs: Readonly<Record<string, unknown>> | null): RunDetail["outputs"] {
  if (outputs === null) return null;
  return Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, cut(typeof value === "string" ? value : stringifyExactJson(value, 2))]));
}

function cut(text: string): string {
  return text.length <= MAX_OUTPUT_CHARS ? text : `${text.slice(0, MAX_OUTPUT_CHARS)}… (${text.length} characters; \`rlm result\` prints all)`;
}
