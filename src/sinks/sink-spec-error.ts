/** A sink or an alert that cannot be used. */
export class SinkSpecError extends Error {
  override readonly name = "SinkSpecError";
  readonly code = "invalid_sink";
}
