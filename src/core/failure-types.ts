/**
 * `type` of the ApplicationFailures that activities throw: the contract between the failure mapping in `activities/` and the workflow.
 */
export const FAILURE = {
  /** The session is not in that process. Rebuild. */
  sessionNotFound: "SessionNotFound",
  /** The try belongs to an older epoch; benign. */
  staleEpoch: "StaleEpoch",
  /** The sandbox process died. Rebuild, and count it. */
  sandboxDied: "SandboxDied",
  /** The worker had no place for the session, and has done nothing. Another try may find one, here or elsewhere. */
  workerFull: "WorkerFull",
  /** The worker is shutting down. Rebuild elsewhere. */
  workerShutdown: "WorkerShutdown",
  /** A person must act: credentials, quota, store. The run waits. Details: `BlockedDetails`. */
  blocked: "Blocked",
  /** The provider refused the root model's call for good. The run fails. */
  rootCallRejected: "RootCallRejected",
  /** An operator's request that the run cannot take. */
  controlRefused: "ControlRefused",
  /** The user's setup raised. The run fails with its traceback. */
  setupFailed: "SetupFailed",
  /** A tool failed, and its own policy allows another try. */
  toolRetryable: "ToolRetryable",
  /** A child run that another try has started is not through. */
  childStillOpen: "ChildStillOpen",
  /** Another attempt may succeed. */
  modelRetryable: "ModelRetryable",
} as const;

export interface BlockedDetails {
  /** `build`: no worker of the run's sandbox build; `worker`: none for another of its queues; `unexpected`: an activity fails again and again as only a bug does. */
  readonly kind: "credentials" | "quota" | "store" | "build" | "worker" | "unexpected" | "rebuilds" | "limit";
  readonly message: string;
  /** The queue that no worker takes from; the wait ends when one does. */
  readonly queue?: string;
}
