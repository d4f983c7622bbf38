import type { ExitCode } from "./exit-code.js";

/** An error that the command line itself found; carries its exit code and the cure. */
export class CliError extends Error {
  override readonly name = "CliError";
  constructor(readonly code: string, readonly exitCode: ExitCode, message: string, readonly hint: string | null = null, options?: ErrorOptions) {
    super(message, options);
  }
}
