export class BlobNotFoundError extends Error {
  override readonly name = "BlobNotFoundError";
  constructor(readonly digest: string, options?: ErrorOptions) {
    super(`Blob ${digest} is not in the store. It was deleted, or this worker looks at another store than the one that wrote it (RLM_STORE).`, options);
  }
}

export class BlobCorruptError extends Error {
  override readonly name = "BlobCorruptError";
  constructor(readonly digest: string, readonly actualDigest: string) {
    super(`Blob ${digest} is damaged: its bytes hash to ${actualDigest}. Restore it from a backup, or fork the run from an earlier turn.`);
  }
}

/** Disk full, no permission, device gone: nothing that another try of the same bytes would mend by itself. */
export class StoreUnavailableError extends Error {
  override readonly name = "StoreUnavailableError";
  /** @param message what there is to say instead of the system's code */
  constructor(readonly operation: string, readonly location: string, cause: unknown, message?: string) {
    const code = isErrno(cause) ? cause.code : "unknown error";
    super(message ?? `The blob store at ${location} failed to ${operation} (${code}). Free space or mend the permissions; waiting runs go on by themselves.`, { cause });
  }
}

export function isErrno(error: unknown): error is NodeJS.ErrnoException & { code: string } {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).code === "string";
}
