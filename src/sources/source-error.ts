/** A source of inputs that cannot be used. The message names the source, without credentials, and the cure. */
export class SourceError extends Error {
  override readonly name = "SourceError";
  readonly code = "invalid_source";
  /** `missing`: nothing is there. `unreachable`: a server did not answer, or not well; another try may go through. */
  readonly kind: "invalid" | "missing" | "unreachable";
  constructor(message: string, { kind = "invalid", ...options }: ErrorOptions & { readonly kind?: SourceError["kind"] } = {}) {
    super(message, options);
    this.kind = kind;
  }
}

/** Whether Node says that a file or directory is not there. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}

/** What Node says, in words for people. */
export function reason(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ENOENT") return "there is no such file";
  if (code === "EACCES") return "it may not be read";
  return code !== "" ? code : error instanceof Error ? error.message : String(error);
}
