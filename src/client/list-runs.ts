import type { WorkflowExecutionInfo } from "@temporalio/client";
import type { ControlRequest } from "../core/control-wire.js";
import type { BlockedDetails } from "../core/failure-types.js";
import type { Manifest } from "../core/manifest.js";
import type { RunSpec } from "../core/run-spec.js";
import type { RunStatus } from "../core/result.js";
import type { RunMemo } from "../core/run-memo.js";
import { WORKFLOW_TYPE } from "../core/wire.js";
import { readAllManifests } from "./read-manifest.js";
import type { RunClient } from "./run-client.js";

/** A line of `rlm ls`. What only a look into the run could tell is `null`. */
export interface RunListing {
  readonly workflowId: string;
  readonly runId: string;
  readonly status: RunStatus;
  readonly reason: string | null;
  readonly signature: string | null;
  readonly startedAtMs: number;
  readonly closedAtMs: number | null;
  readonly turns: number | null;
  readonly llmCalls: number | null;
}

export interface ListOptions {
  readonly limit: number;
  /** False: only the runs that the store remembers. */
  readonly askServer: boolean;
  /** Child runs (`rlm_query`) too; they are found through their parents. @default false */
  readonly children?: boolean;
}

/** Runs, newest start first: those the server knows, and those that only their manifests remember. */
export async function listRuns(client: RunClient, options: ListOptions): Promise<readonly RunListing[]> {
  const manifests = new Map((await readAllManifests(client.store)).map((manifest) => [manifest.workflowId, manifest]));
  const listings = new Map<string, RunListing>();
  for await (const { workflowId, runId, status, startTime, closeTime, memo } of options.askServer ? serverRuns(client) : []) {
    if (listings.has(workflowId)) continue;
    const { signature = null, parent, ...states } = (memo ?? {}) as ListedMemo;
    if (parent !== undefined && !options.children) continue;
    const manifest = manifests.get(workflowId);
    const listing: RunListing = {
      workflowId,
      runId,
      ...(status.name === "RUNNING" ? openState(states) : { status: STATUS[status.name] ?? "failed", reason: null }),
      signature,
      startedAtMs: startTime.getTime(),
      closedAtMs: closeTime?.getTime() ?? null,
      turns: null,
      llmCalls: null,
    };
    listings.set(workflowId, manifest === undefined ? listing : { ...listing, ...closedFields(manifest) });
    if (listings.size >= options.limit) break;
  }
  for (const manifest of manifests.values()) {
    if (listings.has(manifest.workflowId) || (!options.children && isChild(manifest))) continue;
    listings.set(manifest.workflowId, { workflowId: manifest.workflowId, runId: manifest.runId, signature: null, ...closedFields(manifest) });
  }
  const newest = [...listings.values()].sort((a, b) => b.startedAtMs - a.startedAtMs).slice(0, options.limit);
  return Promise.all(newest.map(async (listing) => (listing.signature === null ? { ...listing, signature: await signatureOf(client, manifests.get(listing.workflowId)) } : listing)));
}

async function* serverRuns(client: RunClient): AsyncGenerator<WorkflowExecutionInfo> {
  const query = `WorkflowType = "${WORKFLOW_TYPE}" AND ExecutionStatus != "ContinuedAsNew"`;
  yield* (await client.temporal()).workflow.list({ query, pageSize: 200 });
}

/** Upserted by the workflow while it waits for a person. */
interface WaitingMemo {
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

function isChild({ parent = null }: Partial<Manifest>): boolean {
  return parent !== null;
}

function closedFields({ status, reason, startedAtMs, closedAtMs, turns, llmCalls }: Manifest) {
  return { status, reason, startedAtMs, closedAtMs, turns, llmCalls };
}

async function signatureOf(client: RunClient, manifest: Manifest | undefined): Promise<string | null> {
  if (manifest === undefined || !(await client.store.has(manifest.specRef.digest))) return null;
  const spec = JSON.parse(Buffer.from(await client.store.get(manifest.specRef.digest)).toString("utf8")) as RunSpec;
  const names = (fields: readonly { readonly name: string }[]) => fields.map(({ name }) => name).join(", ");
  return `${names(spec.signature.inputs)} -> ${names(spec.signature.outputs)}`;
}
