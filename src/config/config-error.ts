/** A setting that cannot be used: where it stands, what is wrong, the cure. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly code = "invalid_config";
}
