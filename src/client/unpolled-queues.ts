import proto from "@temporalio/proto";
import type { TaskQueues } from "../core/wire.js";
import type { RunDescription } from "./describe-run.js";
import type { RunClient } from "./run-client.js";

/**
 * Queues that no worker has polled in the last minutes: what waits there waits for a worker to be started.
 * @param pinnedTo of a run that only workers of one version may move on (docs/upgrades.md); others do not count for it then. @default any worker counts
 */
export async function findUnpolledQueues(client: RunClient, queues: TaskQueues, pinnedTo: RunDescription["pinnedTo"] = null): Promise<readonly string[]> {
  const { workflowService, options } = (await client.temporal()).workflow;
  const { TASK_QUEUE_TYPE_ACTIVITY: activity, TASK_QUEUE_TYPE_WORKFLOW: workflow } = proto.temporal.api.enums.v1.TaskQueueType;
  const wanted = [
    { name: queues.workflow, taskQueueType: workflow, version: pinnedTo },
    { name: queues.llm, taskQueueType: activity, version: pinnedTo },
    { name: queues.repl, taskQueueType: activity, version: null },
    ...(queues.tools === undefined ? [] : [{ name: queues.tools, taskQueueType: activity, version: null }]),
  ];
  const unpolled = await Promise.all(
    wanted.map(async ({ name, taskQueueType, version }) => {
      const { pollers } = await workflowService.describeTaskQueue({ namespace: options.namespace, taskQueue: { name }, taskQueueType });
      const counts = (pollers ?? []).some(({ deploymentOptions: of }) => version === null || (of?.deploymentName === version.deploymentName && of.buildId === version.buildId));
      if (counts) return [];
      return [version === null ? name : `${name} (build ${version.buildId} of deployment ${version.deploymentName}, which the run is pinned to)`];
    }),
  );
  return unpolled.flat();
}
