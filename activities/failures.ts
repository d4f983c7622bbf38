import { ApplicationFailure, CancelledFailure } from "@temporalio/common";
import { FAILURE, type BlockedDetails } from "../src/core/failure-types.js";

/**
 * The one place where our errors become Temporal's failures. Errors are told apart by `name`, so that no adapter needs to be imported.
 * Messages carry no prompts, inputs or keys: they end up in the history.
 */
export function toFailure(error: unknown, attempt: number): unknown {
  if (error instanceof ApplicationFailure || error instanceof CancelledFailure || !(error instanceof Error)) return error;
  switch (error.name) {
    case "SessionNotFoundError":
      return final(FAILURE.sessionNotFound, error);
    case "StaleEpochError":
      return final(FAILURE.staleEpoch, error);
    case "WorkerFullError":
      return final(FAILURE.workerFull, error);
    case "SessionDiedError":
      return final(FAILURE.sandboxDied, error);
    case "StoreUnavailableError":
      return blocked("store", error);
    case "SnapshotBuildError":
    case "SnapshotBuildMismatchError":
      return blocked("build", error);
    case "BlobNotFoundError":
    case "BlobCorruptError":
    case "SnapshotFormatError":
    case "SnapshotLostError":
    case "ReplyLostError":
      // A restored backup or a remounted disk mends these; the run must not end for them.
      return blocked("store", error);
    case "ModelCallError":
      return modelFailure(error, attempt);
    case "SetupFailedError":
      return ApplicationFailure.create({ type: FAILURE.setupFailed, message: `The setup failed:\n${error.message}`.slice(0, 2000), nonRetryable: true });
    case "ToolAttemptError":
      return toolFailure(error);
    case "ChildStillOpenError":
      return ApplicationFailure.create({ type: FAILURE.childStillOpen, message: error.message, nextRetryDelay: "2s" });
    case "ToolNotHostedError":
      return ApplicationFailure.create({ type: FAILURE.toolRetryable, message: error.message, nextRetryDelay: pauseAfterMs(attempt) });
    default:
      return unexpected(error, attempt);
  }
}

/** Before the next try of what failed in order. One whose worker died is tried again at once, by the workflow's policy. */
function pauseAfterMs(attempt: number): number {
  return Math.min(30_000, 500 * 2 ** (attempt - 1));
}

/** Tries after which an error that nobody thought of counts as a bug, which no further try mends: after 7.5 s. */
const MAX_UNEXPECTED_ATTEMPTS = 5;

/** A bug, or something nobody thought of. Its message may quote what it stumbled over: it stays out of the history. */
function unexpected({ name }: Error, attempt: number): ApplicationFailure {
  if (attempt >= MAX_UNEXPECTED_ATTEMPTS) {
    return blocked("unexpected", new Error(`unexpected ${name}, at try ${attempt}; the worker's log has its stack. It looks like a bug: mend or replace the worker, then rlm retry. Nothing is lost.`));
  }
  return ApplicationFailure.create({ type: name, message: `unexpected ${name}; the worker's log has its stack`, nextRetryDelay: pauseAfterMs(attempt) });
}

interface ModelError extends Error {
  readonly errorClass?: unknown;
  readonly kind?: unknown;
  readonly details?: { readonly retryAfterMs?: number };
}

/** Per-class policy: retryable goes to Temporal's timers with the provider's own pause, blocked waits for a person, the rest is final. */
function modelFailure(error: ModelError, attempt: number): ApplicationFailure {
  if (error.errorClass === "blocked") return blocked(error.kind === "quota" ? "quota" : "credentials", error);
  if (error.errorClass === "rejected") return final(FAILURE.rootCallRejected, error);
  const { retryAfterMs } = error.details ?? {};
  return ApplicationFailure.create({
    type: FAILURE.modelRetryable,
    message: error.message,
    nextRetryDelay: retryAfterMs ?? pauseAfterMs(attempt),
    // The workflow sees the details only.
    ...(retryAfterMs === undefined ? {} : { details: [{ retryAfterMs }] }),
  });
}

function toolFailure(error: Error & { readonly retryAfterMs?: unknown }): ApplicationFailure {
  return ApplicationFailure.create({ type: FAILURE.toolRetryable, message: error.message, nextRetryDelay: Number(error.retryAfterMs) });
}

function blocked(kind: BlockedDetails["kind"], { message }: Error): ApplicationFailure {
  const details: BlockedDetails = { kind, message: message.slice(0, 500) };
  return ApplicationFailure.create({ type: FAILURE.blocked, message: details.message, nonRetryable: true, details: [details] });
}

function final(type: string, { message }: Error): ApplicationFailure {
  return ApplicationFailure.create({ type, message: message.slice(0, 500), nonRetryable: true });
}
