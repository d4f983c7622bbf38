import type { TaskQueues } from "./wire.js";

/** Task queues of a deployment. Every name carries the prefix, so that several projects can share a namespace. */
export function taskQueues(prefix: string, sandboxBuildId: string): TaskQueues {
  return { workflow: prefix, llm: `${prefix}-llm`, repl: `${prefix}-repl-${sandboxBuildId}` };
}

/** Queue of one worker process, for the sessions parked there. Per process, never per run. */
export function sessionQueueName(prefix: string, workerId: string): string {
  return `${prefix}-repl@${workerId}`;
}

/** Where the workers of a queue answer that they are there, at once, however full they are. */
export function presenceQueueName(queue: string): string {
  return `${queue}.here`;
}

export const DEFAULT_QUEUE_PREFIX = "rlm";
