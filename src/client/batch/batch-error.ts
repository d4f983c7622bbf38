/** A batch cannot be started or continued as it was asked; nothing was started. */
export class BatchError extends Error {
  override readonly name = "BatchError";
  constructor(readonly code: "invalid_rows" | "batch_busy" | "batch_changed" | "batch_id_taken" | "batch_failed", message: string, readonly hint: string | null = null, options?: ErrorOptions) {
    super(message, options);
  }
}

export class BatchNotFoundError extends Error {
  override readonly name = "BatchNotFoundError";
  readonly code = "not_found";
  constructor(readonly batchId: string) {
    super(`There is no batch with the id "${batchId}". Check the id, and that RLM_STORE and RLM_HOME are those it was started with.`);
  }
}
