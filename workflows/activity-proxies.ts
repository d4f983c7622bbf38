import { ApplicationFailure, proxyActivities, type ActivityInterfaceFor, type ActivityOptions } from "@temporalio/workflow";
import type { RunLimits } from "../src/core/run-limits.js";
import type { RunTiming, TaskQueues } from "../src/core/wire.js";
import type { LlmActivities, ReplActivities, SessionActivities, ToolActivities } from "./activity-types.js";
import { untilTaken } from "./worker-presence.js";

/** Beats come every half second (`activities/with-context.ts`). Less patience with cells: being wrong about one costs a restore, about a model call it costs money. */
const DEFAULT_TIMING: RunTiming = { heartbeatTimeoutMs: 2500, cellHeartbeatTimeoutMs: 2000, sessionScheduleToStartMs: 2000 };
const DEFAULT_QUEUE_WAIT_MS = 5000;

/** Longest a model call may take in one attempt. The heartbeat notices a dead worker much earlier. */
const MODEL_CALL_TIMEOUT = "30 minutes";
/** Longer than the longest time limit that a tool may have (a day). */
const TOOL_CALL_TIMEOUT = "25 hours";
/** A watch that ends for its age says "lost" of a session that is not: one restore a week. */
const LONGEST_SUSPENSION = "7 days";
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
    return this.#whoeverIsThere<LlmActivities>({ ...this.#retried(MODEL_CALL_TIMEOUT), taskQueue: this.queues.llm, summary });
  }

  /**
   * The user's tools, where they are hosted. Only infrastructure is retried here, for as long as it takes: a tool's own time limit and retries are kept by
   * its activity, which tells the model of what a tool raised.
   */
  tools(summary: string): ActivityInterfaceFor<ToolActivities> {
    if (this.queues.tools === undefined) throw ApplicationFailure.nonRetryable("The cell called a tool, and the run was started without tools.", "NoTools");
    return this.#whoeverIsThere<ToolActivities>({ ...this.#retried(TOOL_CALL_TIMEOUT), taskQueue: this.queues.tools, summary });
  }

  /** New sessions and rebuilds: any worker that can restore this sandbox build. */
  sharedRepl(summary: string): ActivityInterfaceFor<ReplActivities> {
    return this.#whoeverIsThere<ReplActivities>({ ...this.#replOptions(summary), taskQueue: this.queues.repl });
  }

  /** To be cancelled when it is not needed any more; nobody waits for it to end. */
  sessionWatch(queue: string): ActivityInterfaceFor<Pick<SessionActivities, "watchSession">> {
    return proxyActivities<Pick<SessionActivities, "watchSession">>({
      taskQueue: queue,
      scheduleToStartTimeout: this.#timing.sessionScheduleToStartMs,
      heartbeatTimeout: this.#cellHeartbeatTimeoutMs,
      startToCloseTimeout: LONGEST_SUSPENSION,
      retry: { maximumAttempts: 1 },
      cancellationType: "TRY_CANCEL",
      summary: "is the session still there?",
    });
  }

  /** The process that holds the session; it counts as gone when it does not take the task at once. */
  session(queue: string, summary: string): ActivityInterfaceFor<SessionActivities> {
    return proxyActivities<SessionActivities>({
      ...this.#replOptions(summary),
      taskQueue: queue,
      scheduleToStartTimeout: this.#timing.sessionScheduleToStartMs,
    });
  }

  get #cellHeartbeatTimeoutMs(): number {
    return this.#timing.cellHeartbeatTimeoutMs ?? this.#timing.heartbeatTimeoutMs;
  }

  #retried(startToCloseTimeout: NonNullable<ActivityOptions["startToCloseTimeout"]>): ActivityOptions {
    return {
      startToCloseTimeout,
      heartbeatTimeout: this.#timing.heartbeatTimeoutMs,
      // After a try whose worker died; what failed in order names its own pause (`activities/failures.ts`).
      retry: { initialInterval: "100ms", backoffCoefficient: 2, maximumInterval: "30s" },
    };
  }

  /** Activities of a queue that many workers share; a run is told when none is there (`NoWorkerError`). */
  #whoeverIsThere<A extends object>(options: ActivityOptions & { readonly taskQueue: string }): ActivityInterfaceFor<A> {
    const { taskQueue } = options;
    const firstWaitMs = this.#timing.queueScheduleToStartMs ?? DEFAULT_QUEUE_WAIT_MS;
    const call = (name: string | symbol, args: readonly unknown[]): Promise<unknown> =>
      untilTaken(taskQueue, this.queues, firstWaitMs, (scheduleToStartTimeout) => {
        const activities = proxyActivities({ ...options, scheduleToStartTimeout }) as unknown as Record<string | symbol, (...given: readonly unknown[]) => Promise<unknown>>;
        const activity = activities[name];
        return activity === undefined ? Promise.reject(new TypeError(`no activity ${String(name)}`)) : activity(...args);
      });
    return new Proxy({} as ActivityInterfaceFor<A>, { get: (_target, name) => (...args: readonly unknown[]) => call(name, args) });
  }

  /** One try only: no two tries may share an epoch. */
  #replOptions(summary: string): ActivityOptions {
    return {
      startToCloseTimeout: this.limits.cellTimeoutMs + CELL_OVERHEAD_MS,
      heartbeatTimeout: this.#cellHeartbeatTimeoutMs,
      retry: { maximumAttempts: 1 },
      summary,
    };
  }
}
