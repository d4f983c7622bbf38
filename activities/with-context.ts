import { setMaxListeners } from "node:events";
import { Context } from "@temporalio/activity";
import { ApplicationFailure, CancelledFailure } from "@temporalio/common";
import { FAILURE, type BlockedDetails } from "../src/core/failure-types.js";
import { toFailure } from "./failures.js";

/** A quarter of the shortest heartbeat timeout: lost beats do no harm. */
const HEARTBEAT_INTERVAL_MS = 500;

export interface ActivityScope {
  /** Aborted when the activity is cancelled or its worker shuts down. */
  readonly signal: AbortSignal;
  /** Shown in Temporal's UI and by `rlm watch`. */
  progress(details: object): void;
}

/**
 * Runs the body of an activity: heartbeats while it runs, notices cancellation, maps failures.
 * `onCancel` runs when the activity is cancelled, also by a worker that shuts down, and when this process stood still for so long (it was frozen) that
 * the server has given the activity up: nobody tells that to an activity that ends at once. It may run more than once.
 */
export async function withContext<T>(body: (scope: ActivityScope) => Promise<T>, onCancel?: () => void): Promise<T> {
  const context = Context.current();
  let details: object | null = null;
  const { heartbeatTimeoutMs = Infinity } = context.info;
  let beatAtMs = Date.now();
  const endIfGivenUp = (): void => {
    if (Date.now() - beatAtMs > heartbeatTimeoutMs) onCancel?.();
  };
  const beat = setInterval(() => {
    endIfGivenUp();
    beatAtMs = Date.now();
    context.heartbeat(details);
  }, HEARTBEAT_INTERVAL_MS);
  const { cancellationSignal: signal } = context;
  // A slice has one listener for each of its calls; Node would warn of a leak from the eleventh on.
  setMaxListeners(0, signal);
  if (onCancel !== undefined) signal.addEventListener("abort", onCancel, { once: true });
  try {
    const result = await body({ signal, progress: (next) => (details = next) });
    endIfGivenUp();
    return result;
  } catch (error) {
    if (signal.aborted) throw cancelled(signal.reason);
    const failure = toFailure(error, context.info.attempt);
    if (error instanceof Error && isUnexpected(failure, error)) context.log.error("unexpected error", { name: error.name, stack: framesOf(error) });
    throw failure;
  } finally {
    clearInterval(beat);
    if (onCancel !== undefined) signal.removeEventListener("abort", onCancel);
  }
}

function isUnexpected(failure: unknown, { name }: Error): boolean {
  return failure instanceof ApplicationFailure && (failure.type === name || (failure.details?.[0] as Partial<BlockedDetails> | undefined)?.kind === "unexpected");
}

/** The stack without the message, which may quote inputs. */
function framesOf({ stack = "" }: Error): string {
  return stack.split("\n").filter((line) => line.trimStart().startsWith("at ")).join("\n");
}

/** A shutdown is no cancellation of the workflow's: it says "elsewhere, please". */
function cancelled(reason: unknown): unknown {
  if (reason instanceof CancelledFailure && reason.message === "WORKER_SHUTDOWN") {
    return ApplicationFailure.create({ type: FAILURE.workerShutdown, message: "The worker is shutting down." });
  }
  return reason;
}
