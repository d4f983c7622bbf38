/** The session is not in this process: it was parked elsewhere, evicted, or its process restarted. Rebuild from the snapshot. */
export class SessionNotFoundError extends Error {
  override readonly name = "SessionNotFoundError";
}

/** A child run that another try has started is not through; ask again later. */
export class ChildStillOpenError extends Error {
  override readonly name = "ChildStillOpenError";
}

/** The workflow has moved on to a newer epoch; whatever this try would do must not count. */
export class StaleEpochError extends Error {
  override readonly name = "StaleEpochError";
  constructor(readonly askedEpoch: number, readonly currentEpoch: number) {
    super(`Epoch ${askedEpoch} is stale: the session is at epoch ${currentEpoch}. Nothing was done.`);
  }
}

/** Every place for a session is taken by one that runs. Nothing was done; another worker may have a place. */
export class WorkerFullError extends Error {
  override readonly name = "WorkerFullError";
  constructor(readonly maxSessions: number, readonly waitedMs: number) {
    super(`All ${maxSessions} sessions of this worker have been running for ${waitedMs} ms.`);
  }
}

/** The snapshot was made by another sandbox build; no process of this worker can restore it. */
export class SnapshotBuildError extends Error {
  override readonly name = "SnapshotBuildError";
  constructor(readonly digest: string, readonly snapshotBuildId: string, readonly workerBuildId: string) {
    super(`Snapshot ${digest.slice(0, 12)} was made by sandbox build ${snapshotBuildId}; this worker runs ${workerBuildId}. Start a matching worker, or fork the run from turn 0.`);
  }
}

/** A snapshot is gone or damaged, and so is what it could have been rebuilt from. */
export class SnapshotLostError extends Error {
  override readonly name = "SnapshotLostError";
  constructor(readonly digest: string, loss: Error, cause: Error = loss) {
    super(`Snapshot ${digest.slice(0, 12)} is lost and could not be rebuilt. ${loss.message.slice(0, 150)} ${cause === loss ? "" : `Rebuilding it: ${cause.message.slice(0, 150)} `}Restore the store from a backup, then rlm retry; or fork the run from an earlier turn: rlm fork.`, { cause });
  }
}

/** An answer that was stored is gone; to ask the model again would be another run. */
export class ReplyLostError extends Error {
  override readonly name = "ReplyLostError";
  constructor(turn: number, seq: number, slot: number) {
    super(`The reply to call ${slot} of suspension ${seq} in turn ${turn} is not in the store any more. Restore the store from a backup, then rlm retry; or fork the run from an earlier turn: rlm fork.`);
  }
}

const LOSSES: ReadonlySet<string> = new Set(["BlobNotFoundError", "BlobCorruptError", "SnapshotFormatError", "SnapshotLostError", "ReplyLostError"]);

/** Whether bytes that were stored are gone or damaged, as against a store that is out of reach. */
export function isLoss(error: unknown): error is Error {
  return error instanceof Error && LOSSES.has(error.name);
}
