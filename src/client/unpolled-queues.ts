import proto from "@temporalio/proto";
import type { TaskQueues } from "../core/wire.js";
import type { RunClient } from "./run-client.js";

/** Queues of the run that no worker has polled in the last minutes: what waits there waits for a worker to be started. */
export async function findUnpolledQueues(client: RunClient, queues: TaskQueues): Promise<readonly string[]> {
  const { workflowService, options } = (await client.temporal()).workflow;
  const { TASK_QUEUE_TYPE_ACTIVITY: activity, TASK_QUEUE_TYPE_WORKFLOW: workflow } = proto.temporal.api.enums.v1.TaskQueueType;
  const wanted = [[queues.workflow, workflow], [queues.llm, activity], [queues.repl, activity], ...(queues.tools === undefined ? [] : [[queues.tools, activity] as const])] as const;
  const polled = await Promise.all(
    wanted.map(async ([name, taskQueueType]) => {
      const { pollers } = await workflowService.describeTaskQueue({ namespace: options.namespace, taskQueue: { name }, taskQueueType });
      return (pollers ?? []).length > 0;
    }),
  );
  return wanted.flatMap(([name], at) => (polled[at] === true ? [] : [name]));
}
