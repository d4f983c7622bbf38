/** A source of inputs that cannot be used. The message names the source, without credentials, and the cure. */
export class SourceError extends Error {
  override readonly name = "SourceError";
  readonly code = "invalid_source";
}

/** What Node says, in words for people. */
export function reason(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ENOENT") return "there is no such file";
  if (code === "EACCES") return "it may not be read";
  return code !== "" ? code : error instanceof Error ? error.message : String(error);
}
