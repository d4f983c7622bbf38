import type { TaskQueues } from "./wire.js";

/** Task queues of a deployment. Every name carries the prefix, so that several projects can share a namespace. */
export function taskQueues(prefix: string, sandboxBuildId: string): TaskQueues {
  return { workflow: prefix, llm: `${prefix}-llm`, repl: `${prefix}-repl-${sandboxBuildId}` };
}

/** Queue of one worker process, for the sessions parked there. Per process, never per run. */
export function sessionQueueName(prefix: string, workerId: string): string {
  return `${prefix}-repl@${workerId}`;
}

export const DEFAULT_QUEUE_PREFIX = "rlm";
