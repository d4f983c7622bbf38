export type StackErrorCode =
  /** RLM_TEMPORAL_CLI names something that cannot be used. */
  | "temporal_cli_unusable"
  /** Every way to a Temporal server was tried and failed. */
  | "temporal_cli_missing"
  /** The background process could not start, or ended while starting. */
  | "stack_failed"
  /** Another process holds the stack's start lock, or the stack does not answer. */
  | "stack_busy"
  | "stack_did_not_stop"
  | "dashboard_failed";

/** What went wrong with the embedded stack. `message` says what happened, `hint` the cure; both are for people. */
export class StackError extends Error {
  override readonly name = "StackError";
  constructor(readonly code: StackErrorCode, message: string, readonly hint: string, options?: ErrorOptions) {
    super(message, options);
  }
}
