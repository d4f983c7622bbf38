import { ApplicationFailure, proxyActivities, type ActivityInterfaceFor, type ActivityOptions } from "@temporalio/workflow";
import type { RunLimits } from "../src/core/run-limits.js";
import type { RunTiming, TaskQueues } from "../src/core/wire.js";
import type { LlmActivities, ReplActivities, SessionActivities, ToolActivities } from "./activity-types.js";

const DEFAULT_TIMING: RunTiming = { heartbeatTimeoutMs: 3000, sessionScheduleToStartMs: 3000 };

/** Longest a model call may take in one attempt. The heartbeat notices a dead worker much earlier. */
const MODEL_CALL_TIMEOUT = "30 minutes";
/** Longer than the longest time limit that a tool may have (a day). */
const TOOL_CALL_TIMEOUT = "25 hours";
/** On top of the cell's own limit: restore, replay, capture, and writes on a busy machine. */
const CELL_OVERHEAD_MS = 10 * 60_000;

/** One proxy per latency class; `summary` is what Temporal's UI shows beside the activity. */
export class ActivityProxies {
  readonly #timing: RunTiming;

  constructor(
    private readonly queues: TaskQueues,
    private readonly limits: RunLimits,
    timing: RunTiming | undefined,
  ) {
    this.#timing = timing ?? DEFAULT_TIMING;
  }

  /** Model calls and store work. Temporal owns the retries; a provider that is down is waited for. */
  llm(summary: string): ActivityInterfaceFor<LlmActivities> {
    return proxyActivities<LlmActivities>({
      taskQueue: this.queues.llm,
      startToCloseTimeout: MODEL_CALL_TIMEOUT,
      heartbeatTimeout: this.#timing.heartbeatTimeoutMs,
      retry: { initialInterval: "500ms", backoffCoefficient: 2, maximumInterval: "30s" },
      summary,
    });
  }

  /**
   * The user's tools, where they are hosted. Only infrastructure is retried here, for as long as it takes: a tool's own time limit and retries are kept by
   * its activity, which tells the model of what a tool raised.
   */
  tools(summary: string): ActivityInterfaceFor<ToolActivities> {
    if (this.queues.tools === undefined) throw ApplicationFailure.nonRetryable("The cell called a tool, and the run was started without tools.", "NoTools");
    return proxyActivities<ToolActivities>({
      taskQueue: this.queues.tools,
      startToCloseTimeout: TOOL_CALL_TIMEOUT,
      heartbeatTimeout: this.#timing.heartbeatTimeoutMs,
      retry: { initialInterval: "500ms", backoffCoefficient: 2, maximumInterval: "30s" },
      summary,
    });
  }

  /** New sessions and rebuilds: any worker that can restore this sandbox build. */
  sharedRepl(summary: string): ActivityInterfaceFor<ReplActivities> {
    return proxyActivities<ReplActivities>({ ...this.#replOptions(summary), taskQueue: this.queues.repl });
  }

  /** The process that holds the session; it counts as gone when it does not take the task at once. */
  session(queue: string, summary: string): ActivityInterfaceFor<SessionActivities> {
    return proxyActivities<SessionActivities>({
      ...this.#replOptions(summary),
      taskQueue: queue,
      scheduleToStartTimeout: this.#timing.sessionScheduleToStartMs,
    });
  }

  /** One try only: no two tries may share an epoch. */
  #replOptions(summary: string): ActivityOptions {
    return {
      startToCloseTimeout: this.limits.cellTimeoutMs + CELL_OVERHEAD_MS,
      heartbeatTimeout: this.#timing.heartbeatTimeoutMs,
      retry: { maximumAttempts: 1 },
      summary,
    };
  }
}
