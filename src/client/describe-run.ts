import proto from "@temporalio/proto";
import { WorkflowNotFoundError, type WorkflowExecutionDescription } from "@temporalio/client";
import type { BlockedDetails } from "../core/failure-types.js";
import type { RunMemo } from "../core/run-memo.js";
import { RunNotFoundError } from "./errors.js";
import type { WaitingMemo } from "./list-runs.js";
import type { RunClient } from "./run-client.js";

/** What the server knows of the newest run under an id, without a worker. */
export interface RunDescription {
  readonly runId: string;
  /** First run of its continue-as-new chain. */
  readonly firstRunId: string;
  readonly open: boolean;
  readonly memo: Partial<RunMemo>;
  /** What the run waits for, with the cure, while a person must act. */
  readonly blocked: BlockedDetails | null;
  /** Activities that failed and are tried again by themselves. */
  readonly retries: readonly PendingRetry[];
  /** The only version of workers that may move the run on; `null`: any may. */
  readonly pinnedTo: { readonly deploymentName: string; readonly buildId: string } | null;
}

export interface PendingRetry {
  readonly id: string;
  readonly activity: string;
  readonly attempt: number;
  readonly message: string;
}

/** @throws RunNotFoundError */
export async function describeRun(client: RunClient, workflowId: string): Promise<RunDescription> {
  const description = await describe(client, workflowId);
  const { runId, status, memo, raw } = description;
  return {
    runId,
    firstRunId: raw.workflowExecutionInfo?.firstRunId || runId,
    open: status.name === "RUNNING" || status.name === "PAUSED",
    memo: memo ?? {},
    blocked: (memo as WaitingMemo | undefined)?.blocked ?? null,
    retries: (raw.pendingActivities ?? []).flatMap((activity) => {
      const attempt = activity.attempt ?? 1;
      if (attempt < 2 || !activity.lastFailure) return [];
      const message = activity.lastFailure.message ?? "failed";
      return [{ id: activity.activityId ?? "", activity: activity.activityType?.name ?? "", attempt, message }];
    }),
    pinnedTo: pinnedTo(raw),
  };
}

function pinnedTo({ workflowExecutionInfo }: WorkflowExecutionDescription["raw"]): RunDescription["pinnedTo"] {
  const { behavior, deploymentVersion } = workflowExecutionInfo?.versioningInfo ?? {};
  if (behavior !== proto.temporal.api.enums.v1.VersioningBehavior.VERSIONING_BEHAVIOR_PINNED || !deploymentVersion) return null;
  const { deploymentName, buildId } = deploymentVersion;
  return deploymentName && buildId ? { deploymentName, buildId } : null;
}

async function describe(client: RunClient, workflowId: string): Promise<WorkflowExecutionDescription> {
  const temporal = await client.temporal();
  try {
    return await temporal.workflow.getHandle(workflowId).describe();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) throw new RunNotFoundError(workflowId, { cause: error });
    throw error;
  }
}
