import type { temporal } from "@temporalio/proto";
import type { RunInput } from "../../src/core/wire.js";
import type { TestCluster } from "./cluster.js";

export type History = temporal.api.history.v1.IHistory;

/** One run of a continue-as-new chain. */
export interface Leg {
  readonly runId: string;
  readonly history: History;
  readonly events: number;
  /** As the server counts it, against its limit of 50 MB. */
  readonly bytes: number;
  /** What the leg was started with. */
  readonly input: RunInput;
}

/** The continue-as-new chain of a run, oldest first. */
export async function legsOf(cluster: TestCluster, workflowId: string): Promise<readonly Leg[]> {
  const { workflow } = await cluster.client.temporal();
  const legs: Leg[] = [];
  for (let runId: string | undefined = (await workflow.getHandle(workflowId).describe()).runId; runId; ) {
    const execution = { workflowId, runId };
    const { workflowExecutionInfo } = await workflow.workflowService.describeWorkflowExecution({ namespace: cluster.temporal.namespace, execution });
    const history: History = await workflow.getHandle(workflowId, runId).fetchHistory();
    const started = history.events?.[0]?.workflowExecutionStartedEventAttributes;
    const input = JSON.parse(Buffer.from(started?.input?.payloads?.[0]?.data ?? "null").toString("utf8")) as RunInput;
    legs.unshift({ runId, history, events: history.events?.length ?? 0, bytes: Number(workflowExecutionInfo?.historySizeBytes), input });
    runId = started?.continuedExecutionRunId || undefined;
  }
  return legs;
}
