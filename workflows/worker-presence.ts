import { ActivityFailure, ApplicationFailure, TimeoutFailure, proxyActivities, sleep, type ActivityOptions } from "@temporalio/workflow";
import { FAILURE, type BlockedDetails } from "../src/core/failure-types.js";
import { presenceQueueName } from "../src/core/queues.js";
import { queueWaitMs, rebuildPauseMs } from "../src/core/pauses.js";
import type { TaskQueues } from "../src/core/wire.js";
import type { PresenceActivities } from "./activity-types.js";

/** Long for a worker that has a free slot for it. */
const ANSWER_WITHIN_MS = 3000;

/** No worker takes from a queue of the run. It waits, as blocked, until one does. */
export class NoWorkerError extends Error {
  override readonly name = "NoWorkerError";
  constructor(readonly details: BlockedDetails) {
    super(details.message);
  }
}

/**
 * Dispatches an activity again and again until a worker takes it. Each time it lay in the queue for too long, the workers of the queue are asked whether
 * they are there: if they are, all of them are busy. One that took it and had no place for it is there, too.
 * @throws NoWorkerError none answered
 */
export async function untilTaken<T>(queue: string, queues: TaskQueues, firstWaitMs: number, dispatch: (scheduleToStartTimeoutMs: number) => Promise<T>): Promise<T> {
  let full = 0;
  let busy = 0;
  for (;;) {
    try {
      return await dispatch(queueWaitMs(firstWaitMs, busy));
    } catch (error) {
      if (wasFull(error)) {
        full += 1;
        await sleep(rebuildPauseMs(full));
      } else {
        if (!wasNotTaken(error)) throw error;
        if (!(await isSomebodyHere(queue))) throw new NoWorkerError(missing(queue, queues));
        busy += 1;
      }
    }
  }
}

/** Resolves when a worker of the queue is there. */
export async function workerOf(queue: string): Promise<void> {
  await presence(queue, {}).workerIsHere();
}

async function isSomebodyHere(queue: string): Promise<boolean> {
  try {
    await presence(queue, { scheduleToStartTimeout: ANSWER_WITHIN_MS }).workerIsHere();
    return true;
  } catch (error) {
    if (wasNotTaken(error)) return false;
    throw error;
  }
}

/** A frozen worker may take the question and not answer: it is asked again. */
function presence(queue: string, options: Pick<ActivityOptions, "scheduleToStartTimeout">): PresenceActivities {
  return proxyActivities<PresenceActivities>({
    ...options,
    taskQueue: presenceQueueName(queue),
    startToCloseTimeout: ANSWER_WITHIN_MS,
    retry: { initialInterval: "100ms", maximumInterval: "10s" },
    cancellationType: "TRY_CANCEL",
    summary: "is a worker there?",
  });
}

function wasNotTaken(error: unknown): boolean {
  return error instanceof ActivityFailure && error.cause instanceof TimeoutFailure && error.cause.timeoutType === "SCHEDULE_TO_START";
}

function wasFull(error: unknown): boolean {
  return error instanceof ActivityFailure && error.cause instanceof ApplicationFailure && error.cause.type === FAILURE.workerFull;
}

function missing(queue: string, queues: TaskQueues): BlockedDetails {
  const goesOn = "The run goes on by itself when one is there.";
  if (queue === queues.repl) {
    return { kind: "build", queue, message: `No worker with this run's sandbox build is there (queue ${queue}). Start one of the version that the run was started with: rlm worker. ${goesOn}` };
  }
  if (queue === queues.tools) {
    return { kind: "worker", queue, message: `No worker hosts this run's tools (queue ${queue}). Start one with the unchanged file: rlm worker --tools FILE. ${goesOn}` };
  }
  return { kind: "worker", queue, message: `No worker for model calls is there (queue ${queue}). Start one: rlm worker. ${goesOn}` };
}
