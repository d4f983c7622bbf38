/** Errors of the client side. `code` is what `--json` shows; the message ends with the cure. */
export class TemporalUnreachableError extends Error {
  override readonly name = "TemporalUnreachableError";
  readonly code = "temporal_unreachable";
  constructor(readonly address: string, options?: ErrorOptions) {
    super(`No Temporal server answers at ${address}. Check TEMPORAL_ADDRESS, or unset it to use the embedded stack.`, options);
  }
}

export class TemporalConfigError extends Error {
  override readonly name = "TemporalConfigError";
  readonly code = "invalid_config";
  constructor(readonly file: string | null, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`Temporal's configuration${file === null ? "" : ` (${file})`} cannot be used: ${why}. Mend the file, or unset TEMPORAL_PROFILE and TEMPORAL_CONFIG_FILE.`, { cause });
  }
}

export class NamespaceNotFoundError extends Error {
  override readonly name = "NamespaceNotFoundError";
  readonly code = "temporal_unreachable";
  constructor(readonly namespace: string, readonly address: string, options?: ErrorOptions) {
    super(`The Temporal server at ${address} has no namespace "${namespace}". Set TEMPORAL_NAMESPACE to one that it has.`, options);
  }
}

export class RunNotFoundError extends Error {
  override readonly name = "RunNotFoundError";
  readonly code = "not_found";
  constructor(readonly workflowId: string, options?: ErrorOptions) {
    super(`There is no run with the id "${workflowId}". \`rlm ls\` lists the runs there are.`, options);
  }
}

/** The id belongs to a run with other inputs, limits or models. */
export class RunIdTakenError extends Error {
  override readonly name = "RunIdTakenError";
  readonly code = "id_taken";
  constructor(readonly workflowId: string) {
    super(`The id "${workflowId}" belongs to a run with another signature, other inputs, models or limits. Choose another --id, or \`rlm show ${workflowId}\`.`);
  }
}

/** The limit of open runs is reached. */
export class TooManyRunsError extends Error {
  override readonly name = "TooManyRunsError";
  readonly code = "too_many_runs";
  constructor(readonly openRuns: number, readonly maxOpenRuns: number) {
    super(`${openRuns} runs are open, and at most ${maxOpenRuns} may be (RLM_MAX_OPEN_RUNS). Start it again when one has ended (rlm ls --status running,blocked,paused), give it to a batch, which waits by itself, or raise the limit.`);
  }
}

export class InvalidWorkflowIdError extends Error {
  override readonly name = "InvalidWorkflowIdError";
  readonly code = "invalid_id";
}

/** A command that needs a worker waited in vain. */
export class NoWorkerError extends Error {
  override readonly name = "NoWorkerError";
  readonly code = "no_worker";
  constructor(readonly waitedMs: number, options?: ErrorOptions) {
    super(`No worker is polling: the run did not answer within ${waitedMs / 1000} s. Start one with \`rlm worker\`.`, options);
  }
}

/** An input that cannot be used: unreadable file, bad JSON, a value that is not of the declared type. */
export class InputError extends Error {
  override readonly name = "InputError";
  readonly code = "invalid_input";
  constructor(readonly input: string, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}

/** The run is closed: there is nothing to control any more. */
export class RunClosedError extends Error {
  override readonly name = "RunClosedError";
  readonly code = "run_closed";
  constructor(readonly workflowId: string, options?: ErrorOptions) {
    super(`The run "${workflowId}" is closed. \`rlm result ${workflowId}\` prints how it ended; \`rlm fork ${workflowId} --turn K\` goes on from one of its turns.`, options);
  }
}

/** A request that the run cannot take in its state, or that breaks a rule. */
export class ControlRefusedError extends Error {
  override readonly name = "ControlRefusedError";
  readonly code = "refused";
  constructor(readonly workflowId: string, readonly request: string, why: string, options?: ErrorOptions) {
    super(`The run "${workflowId}" refuses ${request}: ${why}`, options);
  }
}

/** A fork that cannot be made: no such turn, or nothing left to do after it. */
export class ForkError extends Error {
  override readonly name = "ForkError";
  readonly code = "invalid_fork";
  constructor(readonly workflowId: string, readonly turn: number, why: string) {
    super(`The run "${workflowId}" cannot be forked after turn ${turn}: ${why}`);
  }
}

export class NotBlockedError extends Error {
  override readonly name = "NotBlockedError";
  readonly code = "not_blocked";
  constructor(readonly workflowId: string, why: string, options?: ErrorOptions) {
    super(`The run "${workflowId}" has nothing to retry: ${why}. \`rlm show ${workflowId}\` tells its state.`, options);
  }
}
