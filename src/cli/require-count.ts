import { CliError } from "./cli-error.js";
import { EXIT } from "./exit-code.js";

/** Reads a whole number of an option. @throws CliError exit code 2 */
export function requireCount(option: string, text: string, least = 1): number {
  const count = Number(text);
  if (text.trim() === "" || !Number.isInteger(count) || count < least) throw new CliError("invalid_options", EXIT.usage, `${option} is ${text}; it must be a whole number from ${least} on.`);
  return count;
}
