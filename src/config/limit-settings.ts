import { parseBytes } from "../core/byte-size.js";
import { parseDuration } from "../core/duration.js";
import type { RunOptions } from "../core/resolve-run-limits.js";
import type { RunLimits } from "../core/run-limits.js";

/** Limits as people write them, in `rlm.config.json` and on the command line: the option each one sets, and how its text is read. */
export const LIMIT_SETTINGS = {
  maxIterations: { option: "maxIterations", read: readNumber },
  maxLlmCalls: { option: "maxLlmCalls", read: readNumber },
  maxToolCalls: { option: "maxToolCalls", read: readNumber },
  maxOutputChars: { option: "maxOutputChars", read: readNumber },
  cellTimeout: { option: "cellTimeoutMs", read: parseDuration },
  memoryLimit: { option: "memoryLimitBytes", read: parseBytes },
  lazyTextAbove: { option: "lazyTextAboveBytes", read: parseBytes },
  maxConcurrency: { option: "maxConcurrency", read: readNumber },
  maxTokens: { option: "maxTokens", read: readNumber },
  budgetUsd: { option: "budgetUsd", read: readNumber },
  timeout: { option: "timeoutMs", read: parseDuration },
  maxDepth: { option: "maxDepth", read: readNumber },
  onLimit: { option: "onLimit", read: (text: string): string => text },
} as const satisfies Readonly<Record<string, { readonly option: keyof RunLimits; readonly read: (text: string) => unknown }>>;

export interface ReadLimits {
  /** As `resolveRunOptions` takes them; their values are not checked yet. */
  readonly options: RunOptions;
  /** Settings whose text cannot be read. */
  readonly faults: readonly { readonly setting: string; readonly problem: string }[];
}

/** Reads the limits that are given; `none` lifts a limit that can be lifted. */
export function readLimitSettings(given: Readonly<Record<string, string | number | undefined>>): ReadLimits {
  const faults: { setting: string; problem: string }[] = [];
  const options: Record<string, unknown> = {};
  for (const [setting, { option, read }] of Object.entries(LIMIT_SETTINGS)) {
    const value = given[setting];
    if (value === undefined) continue;
    try {
      options[option] = value === "none" ? null : read(String(value));
    } catch (error) {
      faults.push({ setting, problem: error instanceof Error ? error.message : String(error) });
    }
  }
  return { options, faults };
}

function readNumber(text: string): number {
  const number = Number(text.replaceAll("_", ""));
  if (text.trim() === "" || !Number.isFinite(number)) throw new RangeError(`"${text}" is not a number.`);
  return number;
}
