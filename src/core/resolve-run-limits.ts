import { nearestName } from "./nearest-name.js";
import type { RunLimits } from "./run-limits.js";

/** What a caller may leave out. @default see `DEFAULT_RUN_LIMITS` */
export type RunOptions = { readonly [Name in keyof RunLimits]?: RunLimits[Name] | undefined };

const MIB = 1024 ** 2;

const DEFAULT_RUN_LIMITS: RunLimits = {
  // The article's; many tasks need 5, hard ones more.
  maxIterations: 10,
  maxLlmCalls: 50,
  // Far more than tasks need; ends a cell that calls a tool in an endless loop.
  maxToolCalls: 1000,
  maxOutputChars: 10_000,
  cellTimeoutMs: 60_000,
  memoryLimitBytes: 2048 * MIB,
  lazyTextAboveBytes: 1e9,
  maxConcurrency: 64,
  maxTokens: null,
  budgetUsd: null,
  timeoutMs: null,
  maxDepth: 0,
  onLimit: "extract",
};

interface NumberRule {
  readonly min: number;
  readonly max: number;
  readonly whole: boolean;
  readonly nullable: boolean;
}

const DAY_MS = 86_400_000;
const whole = (min: number, max: number, nullable = false): NumberRule => ({ min, max, whole: true, nullable });

const RULES: Readonly<Record<Exclude<keyof RunLimits, "onLimit">, NumberRule>> = {
  maxIterations: whole(1, 1000),
  maxLlmCalls: whole(0, 1_000_000),
  maxToolCalls: whole(0, 1_000_000),
  // Below 100 head and tail of an output say nothing.
  maxOutputChars: whole(100, 1_000_000),
  cellTimeoutMs: whole(100, DAY_MS),
  // Python itself needs about 60 MiB; 32-bit WebAssembly ends at 4 GiB.
  memoryLimitBytes: whole(128 * MIB, 4096 * MIB),
  // One Python object has less than 2 GiB.
  lazyTextAboveBytes: whole(0, 2047 * MIB),
  maxConcurrency: whole(1, 1000),
  maxTokens: whole(1, Number.MAX_SAFE_INTEGER, true),
  budgetUsd: { min: 0, max: 1_000_000, whole: false, nullable: true },
  timeoutMs: whole(1, 3650 * DAY_MS, true),
  // Each level halves the turns: beyond 8 nobody gets any work done.
  maxDepth: whole(0, 8),
};

/** Options of a run that cannot be used; `faults` holds one line each: the option, its value, the rule. */
export class RunOptionsError extends Error {
  override readonly name = "RunOptionsError";
  readonly code = "invalid_options";

  constructor(readonly faults: readonly string[]) {
    super(faults.join("\n"));
  }
}

/**
 * Fills in the defaults and checks everything; `undefined` counts as left out.
 *
 * @throws RunOptionsError with all faults at once
 */
export function resolveRunOptions(options: RunOptions): RunLimits {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const faults = Object.entries(given).flatMap(([name, value]) => findFault(name, value) ?? []);
  if (faults.length > 0) throw new RunOptionsError(faults);
  return { ...DEFAULT_RUN_LIMITS, ...given };
}

function findFault(name: string, value: unknown): string | null {
  if (name === "onLimit") return value === "extract" || value === "wait" ? null : `onLimit is ${show(value)}; it must be "extract" or "wait".`;
  const rule: NumberRule | undefined = Object.hasOwn(RULES, name) ? RULES[name as keyof typeof RULES] : undefined;
  if (rule === undefined) {
    const near = nearestName(name, Object.keys(DEFAULT_RUN_LIMITS));
    return `${name} is not an option. ${near === null ? `Options: ${Object.keys(DEFAULT_RUN_LIMITS).join(", ")}.` : `Did you mean ${near}?`}`;
  }
  if (value === null && rule.nullable) return null;
  const fits = typeof value === "number" && value >= rule.min && value <= rule.max && (!rule.whole || Number.isSafeInteger(value));
  return fits ? null : `${name} is ${show(value)}; it must be a ${rule.whole ? "whole number" : "number"} from ${rule.min} to ${rule.max}${rule.nullable ? ", or null for no limit" : ""}.`;
}

function show(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value.slice(0, 60)) : typeof value === "object" && value !== null ? "an object" : String(value);
}
