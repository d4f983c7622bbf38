import type { ResultDocument } from "../core/result.js";

/** The run closed without outputs. Its trajectory can be read: `attach(error.workflowId).trajectory()`. */
export class RunFailedError extends Error {
  override readonly name = "RunFailedError";
  readonly code = "run_failed";
  readonly workflowId: string;
  constructor(readonly result: ResultDocument) {
    super(`The run "${result.workflowId}" failed: ${result.reason ?? "no reason is recorded"}. \`rlm trajectory ${result.workflowId}\` shows what it did.`);
    this.workflowId = result.workflowId;
  }
}

export class RunCancelledError extends Error {
  override readonly name = "RunCancelledError";
  readonly code = "run_cancelled";
  readonly workflowId: string;
  constructor(readonly result: ResultDocument) {
    super(`The run "${result.workflowId}" was cancelled. \`rlm fork ${result.workflowId}\` can go on from one of its turns.`);
    this.workflowId = result.workflowId;
  }
}

/** The outputs have the declared types, but a check that only the program knows (a refinement of its schema) refuses them. */
export class OutputsRefusedError extends Error {
  override readonly name = "OutputsRefusedError";
  readonly code = "outputs_refused";
  readonly workflowId: string;
  constructor(readonly result: ResultDocument, readonly faults: readonly string[]) {
    super(`The outputs of the run "${result.workflowId}" do not pass their schema: ${faults.join("; ")}. They are in this error's \`result.outputs\`.`);
    this.workflowId = result.workflowId;
  }
}
