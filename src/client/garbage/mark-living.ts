import { createHash } from "node:crypto";
import type { WorkflowExecutionInfo } from "@temporalio/client";
import { BATCH_WORKFLOW_TYPE } from "../../core/batch-wire.js";
import { SCHEDULED_WORKFLOW_TYPE } from "../../core/schedule-wire.js";
import { DELIVERY_WORKFLOW_TYPE } from "../../core/sink-spec.js";
import { WORKFLOW_TYPE } from "../../core/wire.js";
import { findRefs, findUuids, type FoundRef } from "../../journal/find-refs.js";
import type { Marking } from "../../journal/marking.js";
import type { StoredEntry } from "../../store/blob-inventory.js";
import { manifestName } from "../../core/manifest.js";
import type { RunClient } from "../run-client.js";
import { workflowIdHex } from "../workflow-id.js";
import { readHistoryRefs } from "./history-refs.js";

/** Who is alive, as far as it was looked at. */
export interface Living {
  /** Ids under which replies are kept. */
  readonly uuids: Set<string>;
  /** Run ids whose histories were read. */
  readonly histories: Set<string>;
}

/**
 * Marks what the server's runs refer to: those that are open, those that closed without a manifest, and open batches, windows of schedules and deliveries. Run twice, it reads only what is new.
 * Contract: the manifests are read after it, so that a run that closes meanwhile is seen here or there.
 */
export async function markServerRuns(client: RunClient, marking: Marking, living: Living): Promise<void> {
  const { workflow } = await client.temporal();
  const others = [DELIVERY_WORKFLOW_TYPE, BATCH_WORKFLOW_TYPE, SCHEDULED_WORKFLOW_TYPE].map((type) => `"${type}"`).join(", ");
  const query = `ExecutionStatus != "ContinuedAsNew" AND (WorkflowType = "${WORKFLOW_TYPE}" OR (WorkflowType IN (${others}) AND ExecutionStatus = "Running"))`;
  const executions: WorkflowExecutionInfo[] = [];
  for await (const execution of workflow.list({ query, pageSize: 200 })) executions.push(execution);
  for (const { workflowId, runId, status } of executions) {
    if (living.histories.has(runId)) continue;
    const open = status.name === "RUNNING" || status.name === "PAUSED";
    if (!open && (await client.store.getNamed(manifestName(workflowIdHex(workflowId), runId))) !== null) continue;
    const { refs, uuids } = await readHistoryRefs(client, workflowId, runId);
    await marking.add(refs);
    for (const uuid of uuids) living.uuids.add(uuid);
    living.histories.add(runId);
  }
}

/** Marks what the named entries refer to: manifests, base images, and whatever else has a name; replies only of runs that are alive. */
export async function markEntries({ store }: RunClient, entries: readonly StoredEntry[], marking: Marking, living: Living): Promise<void> {
  const replies = entries.filter(({ name }) => isReply(name));
  const others = entries.filter(({ name }) => !isReply(name));
  for (const { name } of others) {
    const bytes = await store.getNamed(name);
    if (bytes === null) continue;
    const value = parse(Buffer.from(bytes).toString("utf8"));
    await marking.add([...findRefs(value), manifestCopy(bytes)]);
    for (const uuid of findUuids(value)) living.uuids.add(uuid);
  }
  for (const { name } of replies) {
    if (!living.uuids.has(runUidOf(name))) continue;
    const lines = Buffer.from((await store.getNamed(name)) ?? "").toString("utf8").split("\n");
    await marking.add(lines.flatMap((line) => findRefs(parse(line))));
  }
}

export function isReply(name: string): boolean {
  return name.startsWith("replies/");
}

export function runUidOf(replyName: string): string {
  return replyName.split("/")[1] ?? "";
}

/** The blob beside the named manifest: the workflow's result has its ref. */
export function manifestCopy(bytes: Uint8Array): FoundRef {
  return { digest: createHash("sha256").update(bytes).digest("hex"), role: "manifestRef", certain: false };
}

/** A text that is no JSON is a value itself: a base image's entry is a bare digest. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text.trim();
  }
}
