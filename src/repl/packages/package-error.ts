/** A package that the sandbox cannot get; the message names the wheel and says what to do. */
export class PackageError extends Error {
  override readonly name = "PackageError";

  constructor(readonly code: "bad_setting" | "bad_wheel_name" | "wrong_platform" | "missing_wheel" | "digest_mismatch" | "no_digest", message: string, options?: ErrorOptions) {
    super(message, options);
  }
}
