import { Worker, type WorkerOptions } from "@temporalio/worker";
import { presenceActivities } from "../activities/presence-activities.js";
import { presenceQueueName } from "../src/core/queues.js";

/** Answers runs that wait for a worker of this queue. */
export function createPresenceWorker(base: Omit<WorkerOptions, "taskQueue">, queue: string): Promise<Worker> {
  return Worker.create({
    ...base,
    taskQueue: presenceQueueName(queue),
    activities: presenceActivities,
    maxConcurrentActivityTaskExecutions: 10,
    activityTaskPollerBehavior: { type: "simple-maximum", maximum: 1 },
  });
}
