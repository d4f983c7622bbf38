import { LIMIT_SETTINGS, readLimitSettings } from "../config/limit-settings.js";
import type { Config } from "../config/resolve-config.js";
import { RunOptionsError, resolveRunOptions, type RunOptions } from "../core/resolve-run-limits.js";
import type { RunLimits } from "../core/run-limits.js";
import { CliError } from "./cli-error.js";
import { EXIT } from "./exit-code.js";

/** Limits as the command line gives them: texts; absent = not given. */
export interface LimitFlags {
  readonly maxIterations?: string;
  readonly maxLlmCalls?: string;
  readonly maxToolCalls?: string;
  readonly maxOutputChars?: string;
  readonly cellTimeout?: string;
  readonly memoryLimit?: string;
  readonly lazyTextAbove?: string;
  readonly maxConcurrency?: string;
  readonly maxTokens?: string;
  readonly budgetUsd?: string;
  readonly timeout?: string;
  readonly maxDepth?: string;
  readonly onLimit?: string;
}

/**
 * The limits of a run: flag, else project file, else default.
 * @throws CliError exit code 2, with all faults at once, each with the flag's name
 */
export function resolveLimitFlags(flags: LimitFlags, fromFile: Config["limits"]): RunLimits {
  return checkFlags({ ...fromFile, ...withoutAbsent(flags) }).limits;
}

/**
 * Only the limits that the command line names, for what changes a run: `none` lifts a limit that can be lifted.
 * @throws CliError as above
 */
export function readLimitFlags(flags: LimitFlags): RunOptions {
  return checkFlags(withoutAbsent(flags)).options;
}

function checkFlags(given: Readonly<Record<string, string | number | undefined>>): { readonly limits: RunLimits; readonly options: RunOptions } {
  const { options, faults: unreadable } = readLimitSettings(given);
  const faults = unreadable.map(({ setting, problem }) => `${flagName(setting)}: ${problem}`);
  try {
    const limits = resolveRunOptions(options);
    if (faults.length === 0) return { limits, options };
  } catch (error) {
    if (!(error instanceof RunOptionsError)) throw error;
    faults.push(...error.faults.map(withFlagName));
  }
  throw new CliError("invalid_options", EXIT.usage, faults.join("\n"));
}

/** `maxLlmCalls is 0; …` -> `--max-llm-calls is 0; …`. */
function withFlagName(fault: string): string {
  const [name = ""] = fault.split(" ", 1);
  const flag = Object.entries(LIMIT_SETTINGS).find(([, { option }]) => option === name)?.[0];
  return flag === undefined ? fault : flagName(flag) + fault.slice(name.length);
}

function flagName(flag: string): string {
  return `--${flag.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function withoutAbsent(flags: LimitFlags): Record<string, string> {
  return Object.fromEntries(Object.entries(flags).filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}
