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

/** The snapshot was made by another sandbox build; no process of this worker can restore it. */
export class SnapshotBuildError extends Error {
  override readonly name = "SnapshotBuildError";
  constructor(readonly digest: string, readonly snapshotBuildId: string, readonly workerBuildId: string) {
    super(`Snapshot ${digest.slice(0, 12)} was made by sandbox build ${snapshotBuildId}; this worker runs ${workerBuildId}. Start a matching worker, or fork the run from turn 0.`);
  }
}
