import { defineSearchAttributeKey, type SearchAttributeType } from "@temporalio/common";
import type { WorkflowExecutionInfo } from "@temporalio/client";
import type { ControlRequest } from "../core/control-wire.js";
import type { BlockedDetails } from "../core/failure-types.js";
import type { Manifest } from "../core/manifest.js";
import type { RunSpec } from "../core/run-spec.js";
import type { RunStatus } from "../core/result.js";
import type { RunMemo } from "../core/run-memo.js";
import { SEARCH_ATTRIBUTES } from "../core/visibility.js";
import { readAllManifests } from "./read-manifest.js";
import type { RunClient } from "./run-client.js";
import { matches, toQuery, type RunFilter } from "./run-filter.js";
import { isAttributeUnknown } from "./start-visibly.js";

/** A line of `rlm ls`. What only a look into the run could tell is `null`. */
export interface RunListing {
  readonly workflowId: string;
  readonly runId: string;
  readonly status: RunStatus;
  readonly reason: string | null;
  readonly signature: string | null;
  readonly job: string | null;
  readonly model: string | null;
  readonly batch: string | null;
  /** Of a child run: the run at the top. */
  readonly rootRun: string | null;
  readonly startedAtMs: number;
  readonly closedAtMs: number | null;
  /** Of an open run: as of the start of its turn. */
  readonly turns: number | null;
  readonly llmCalls: number | null;
  readonly costUsd: number | null;
}

export interface ListOptions extends RunFilter {
  readonly limit: number;
  /** False: only the runs that the store remembers. */
  readonly askServer: boolean;
}

/** Runs that are meant, newest start first: those the server knows, and those that only their manifests remember. */
export async function listRuns(client: RunClient, { limit, askServer, ...filter }: ListOptions): Promise<readonly RunListing[]> {
  const manifests = new Map((await readAllManifests(client.store)).map((manifest) => [manifest.workflowId, manifest]));
  const seen = new Set<string>();
  const listings: RunListing[] = [];
  for await (const info of askServer ? serverRuns(client, filter) : []) {
    if (seen.has(info.workflowId)) continue;
    seen.add(info.workflowId);
    const listing = listingOf(info, manifests.get(info.workflowId));
    if (matches(filter, listing)) listings.push(listing);
    if (listings.length >= limit) break;
  }
  for (const manifest of manifests.values()) {
    if (seen.has(manifest.workflowId)) continue;
    const { workflowId, runId, labels = {}, parent } = manifest;
    const { job = null, model = null, batch = null, rootRun = parent } = labels;
    const signature = filter.text === undefined ? null : await signatureOf(client, manifest);
    const listing: RunListing = { workflowId, runId, signature, job, model, batch, rootRun, ...closedFields(manifest) };
    if (matches(filter, listing)) listings.push(listing);
  }
  const newest = listings.sort((a, b) => b.startedAtMs - a.startedAtMs).slice(0, limit);
  return Promise.all(newest.map(async (listing) => (listing.signature === null ? { ...listing, signature: await signatureOf(client, manifests.get(listing.workflowId)) } : listing)));
}

async function* serverRuns(client: RunClient, filter: RunFilter): AsyncGenerator<WorkflowExecutionInfo> {
  const { workflow } = await client.temporal();
  try {
    yield* workflow.list({ query: toQuery(filter, true), pageSize: 500 });
  } catch (error) {
    // The first page is refused: nothing was yielded yet.
    if (!isAttributeUnknown(error)) throw error;
    yield* workflow.list({ query: toQuery(filter, false), pageSize: 500 });
  }
}

/** A run as the server lists it. */
export function listingOf({ workflowId, runId, status, startTime, closeTime, memo, typedSearchAttributes }: WorkflowExecutionInfo, manifest: Manifest | undefined): RunListing {
  const { signature = null, parent = null, job = null, model = null, batch = null, rootRun = parent, ...waiting } = (memo ?? {}) as ListedMemo;
  const attribute = <T extends SearchAttributeType>({ name, type }: { readonly name: string; readonly type: T }) => typedSearchAttributes.get(defineSearchAttributeKey(name, type)) ?? null;
  const shown = attribute(SEARCH_ATTRIBUTES.status) as RunStatus | null;
  const listing: RunListing = {
    workflowId, runId, signature, job, model, batch, rootRun,
    ...(status.name === "RUNNING" ? openState(waiting) : { status: shown === "degraded" ? shown : (STATUS[status.name] ?? "failed"), reason: null }),
    startedAtMs: startTime.getTime(),
    closedAtMs: closeTime?.getTime() ?? null,
    turns: attribute(SEARCH_ATTRIBUTES.turns), llmCalls: attribute(SEARCH_ATTRIBUTES.llmCalls), costUsd: attribute(SEARCH_ATTRIBUTES.costUsd),
  };
  return manifest === undefined || manifest.runId !== runId ? listing : { ...listing, ...closedFields(manifest) };
}

/** Upserted by the workflow while it waits for a person. */
export interface WaitingMemo {
  readonly blocked?: BlockedDetails | null;
  readonly paused?: ControlRequest | null;
}

type ListedMemo = Partial<RunMemo> & WaitingMemo;

function openState({ blocked = null, paused = null }: WaitingMemo): Pick<RunListing, "status" | "reason"> {
  if (blocked !== null) return { status: "blocked", reason: blocked.kind };
  return paused === null ? { status: "running", reason: null } : { status: "paused", reason: paused.why };
}

/** A run that closed without a manifest closed outside of the workflow's hands. */
const STATUS: Readonly<Record<string, RunStatus>> = { PAUSED: "paused", COMPLETED: "answered", CANCELLED: "cancelled" };

function closedFields({ status, reason, startedAtMs, closedAtMs, turns, llmCalls, usage }: Manifest) {
  return { status, reason, startedAtMs, closedAtMs, turns, llmCalls, costUsd: usage.costUsd };
}

async function signatureOf(client: RunClient, manifest: Manifest | undefined): Promise<string | null> {
  if (manifest === undefined || !(await client.store.has(manifest.specRef.digest))) return null;
  const spec = JSON.parse(Buffer.from(await client.store.get(manifest.specRef.digest)).toString("utf8")) as RunSpec;
  const names = (fields: readonly { readonly name: string }[]) => fields.map(({ name }) => name).join(", ");
  return `${names(spec.signature.inputs)} -> ${names(spec.signature.outputs)}`;
}
