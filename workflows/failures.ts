import { ActivityFailure, ApplicationFailure, TimeoutFailure, isCancellation, log } from "@temporalio/workflow";
import { FAILURE, type BlockedDetails } from "../src/core/failure-types.js";

/**
 * Whether a failed REPL activity means that its session is gone, and if so, whether the sandbox itself died. Whatever went wrong there, the state
 * is in the snapshot and the journal, so it is rebuilt elsewhere; a bounded number of times. `null`: a cancellation, or no failure of an activity.
 */
export function sessionLoss(error: unknown): { readonly sandboxDied: boolean } | null {
  if (isCancellation(error) || !(error instanceof ActivityFailure)) return null;
  log.warn("session lost", { why: error.cause instanceof TimeoutFailure ? error.cause.timeoutType : applicationType(error) });
  return { sandboxDied: applicationType(error) === FAILURE.sandboxDied };
}

/** Why a person must act, or `null`. */
export function blockedDetails(error: unknown): BlockedDetails | null {
  if (applicationType(error) !== FAILURE.blocked) return null;
  const cause = (error as ActivityFailure).cause as ApplicationFailure;
  return (cause.details?.[0] as BlockedDetails | undefined) ?? { kind: "store", message: cause.message };
}

/** A short cause of a failure, for `reason`. */
export function describeFailure(error: unknown): string {
  const cause = error instanceof ActivityFailure ? (error.cause ?? error) : error;
  return (cause instanceof Error ? cause.message : String(cause)).slice(0, 500);
}

/** Type of the ApplicationFailure inside an ActivityFailure, or `null`. */
function applicationType(error: unknown): string | null {
  if (!(error instanceof ActivityFailure) || !(error.cause instanceof ApplicationFailure)) return null;
  return error.cause.type ?? null;
}
