import { ActivityFailure, ApplicationFailure, TimeoutFailure, isCancellation, log } from "@temporalio/workflow";
import { FAILURE, type BlockedDetails } from "../src/core/failure-types.js";
import { NoWorkerError } from "./worker-presence.js";

/** How a session was lost, and why; the reason is for people. */
export interface SessionLoss {
  readonly sandboxDied: boolean;
  readonly why: string;
}

/**
 * Whether a failed REPL activity means that its session is gone. Whatever went wrong there, the state is in the snapshot and the journal, so it is
 * rebuilt elsewhere; a bounded number of times. `null`: the run is blocked, a cancellation, a failed model call, or no failure of an activity.
 */
export function sessionLoss(error: unknown): SessionLoss | null {
  if (isCancellation(error) || !(error instanceof ActivityFailure)) return null;
  const type = applicationType(error);
  if (type !== null && NO_LOSS_TYPES.has(type)) return null;
  const why = `${error.cause instanceof TimeoutFailure ? error.cause.timeoutType : type}: ${describeFailure(error)}`.slice(0, 250);
  log.warn("session lost", { why });
  return { sandboxDied: type === FAILURE.sandboxDied, why };
}

/** In the fused step the first come from the model call: the session waits on. A setup that fails would fail again. */
const NO_LOSS_TYPES: ReadonlySet<string> = new Set([FAILURE.blocked, FAILURE.modelRetryable, FAILURE.rootCallRejected, FAILURE.setupFailed]);

/** The pause that a failed model call asked for, in milliseconds. */
export function retryAfterMs(error: unknown): number {
  const cause = error instanceof ActivityFailure ? error.cause : null;
  if (!(cause instanceof ApplicationFailure) || cause.type !== FAILURE.modelRetryable) return 0;
  return (cause.details?.[0] as { readonly retryAfterMs?: number } | undefined)?.retryAfterMs ?? 0;
}

/** Why a person must act, or `null`. */
export function blockedDetails(error: unknown): BlockedDetails | null {
  if (error instanceof NoWorkerError) return error.details;
  if (applicationType(error) !== FAILURE.blocked) return null;
  const cause = (error as ActivityFailure).cause as ApplicationFailure;
  return (cause.details?.[0] as BlockedDetails | undefined) ?? { kind: "store", message: cause.message };
}

/** A short cause of a failure, for `reason`. */
export function describeFailure(error: unknown): string {
  const cause = error instanceof ActivityFailure ? (error.cause ?? error) : error;
  const maxChars = applicationType(error) === FAILURE.setupFailed ? 2000 : 500;
  return (cause instanceof Error ? cause.message : String(cause)).slice(0, maxChars);
}

/** Type of the ApplicationFailure inside an ActivityFailure, or `null`. */
function applicationType(error: unknown): string | null {
  if (!(error instanceof ActivityFailure) || !(error.cause instanceof ApplicationFailure)) return null;
  return error.cause.type ?? null;
}
