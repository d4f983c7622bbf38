export type SignatureFieldErrorCode = "illegal_name" | "reserved_name" | "duplicate_name" | "unsupported_schema" | "no_outputs" | "unknown_field" | "illegal_form";

/** A signature given as an object that cannot be used; the message names the field and ends with the cure. */
export class SignatureFieldError extends Error {
  override readonly name = "SignatureFieldError";

  constructor(
    readonly code: SignatureFieldErrorCode,
    /** Name of the field, or of a place inside it (`incidents[].at`); empty when it is the signature as a whole. */
    readonly field: string,
    problem: string,
    readonly cure: string,
    options?: ErrorOptions,
  ) {
    super(`Signature${field === "" ? "" : `, field \`${field}\``}: ${problem} ${cure}`, options);
  }
}
