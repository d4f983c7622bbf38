import { Worker, type WorkerOptions } from "@temporalio/worker";
import { createToolActivities } from "../activities/tool-activities.js";
import type { Observe } from "../src/core/work-fact.js";
import { ReplyStore } from "../src/journal/reply-store.js";
import { ToolCaller } from "../src/runner/tool-caller.js";
import type { BlobStore } from "../src/store/blob-store.js";
import type { Tool } from "../src/tools/tool.js";

export interface HostedTools {
  readonly tools: readonly Tool[];
  readonly taskQueue: string;
  readonly observe: Observe;
}

/** Tools wait for other services most of the time; each has its own time limit. */
const TOOL_SLOTS = 200;

/** The Temporal worker that runs the user's tools. */
export function createToolWorker(base: Omit<WorkerOptions, "taskQueue">, store: BlobStore, { tools, taskQueue, observe }: HostedTools): Promise<Worker> {
  const toolCaller = new ToolCaller({ store, replies: new ReplyStore(store), tools, observe, nowMs: () => Date.now() });
  return Worker.create({ ...base, taskQueue, activities: createToolActivities({ toolCaller }), maxConcurrentActivityTaskExecutions: TOOL_SLOTS });
}
