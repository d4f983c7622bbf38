import { ActivityFailure, ApplicationFailure, TimeoutFailure, isCancellation } from "@temporalio/workflow";
import { FAILURE, type BlockedDetails } from "../src/core/failure-types.js";

const LOST_TYPES: ReadonlySet<string> = new Set([FAILURE.sessionNotFound, FAILURE.staleEpoch, FAILURE.sandboxDied, FAILURE.workerShutdown]);

/** Whether a failed REPL activity means that its session is gone, and if so, whether the sandbox itself died. `null`: some other failure. */
export function sessionLoss(error: unknown): { readonly sandboxDied: boolean } | null {
  if (isCancellation(error) || !(error instanceof ActivityFailure)) return null;
  const { cause } = error;
  if (cause instanceof TimeoutFailure) return { sandboxDied: false };
  const type = applicationType(error);
  return type !== null && LOST_TYPES.has(type) ? { sandboxDied: type === FAILURE.sandboxDied } : null;
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
