import { findModelSettings, type ModelSettings } from "./model-settings.js";
import { MAX_EXTRACT_ATTEMPTS } from "./next-step.js";
import { MAX_SCHEMA_REPAIRS } from "./schema-repairs.js";
import type { RunSpec } from "./run-spec.js";

/** The most that a run can cost, if every call is as long as its model takes. */
export interface WorstCase {
  /** Turns, summaries of long conversations and extract calls, those of child runs included. */
  readonly rootCalls: number;
  readonly subCalls: number;
  /** A sub-call with a schema may be asked again. */
  readonly repairCalls: number;
  /** Input and output; `null`: the context of a model is not known. */
  readonly tokens: number | null;
  /** US dollars; `null`: not known. */
  readonly costUsd: number | null;
  /** What would have to be known, as in `price of gpt-x`; empty when all is. */
  readonly unknown: readonly string[];
}

/**
 * An upper bound from prices, contexts and limits; not an estimate, which is far below it. A sub-call counts with the dearest model that cells may
 * name. Limits on tokens and money end a run sooner and are not part of it; nor is a call that is paid twice because its answer was lost.
 */
export function computeWorstCase({ models, limits, strategy }: Pick<RunSpec, "models" | "limits" | "strategy">): WorstCase {
  // Without a REPL there are no sub-calls, no child runs and no summaries.
  const isDirect = strategy !== undefined;
  const subCalls = isDirect ? 0 : limits.maxLlmCalls;
  const repairCalls = subCalls * MAX_SCHEMA_REPAIRS;
  // Every call of the budget may be a child run with turns of its own.
  const runs = limits.maxDepth > 0 ? 1 + subCalls : 1;
  // From the third turn on, a turn may first have the older ones summarized.
  const summaries = isDirect ? 0 : Math.max(0, limits.maxIterations - 2);
  const rootCalls = runs * (limits.maxIterations + summaries + MAX_EXTRACT_ATTEMPTS);
  const settingsOf = (name: string): ModelSettings => findModelSettings(models.settings, name);
  const subModels = subCalls === 0 ? [] : [...new Set([models.sub, models.root, ...models.allowed])];
  const names = [...new Set([models.root, ...subModels])];
  const unknown = names.flatMap((name) => [
    ...(settingsOf(name).contextTokens === undefined ? [`contextTokens of ${name}`] : []),
    ...(settingsOf(name).price === undefined ? [`price of ${name}`] : []),
  ]);
  const total = (worth: (settings: ModelSettings) => number | null): number | null => {
    const root = worth(settingsOf(models.root));
    const subs = subModels.map((name) => worth(settingsOf(name)));
    return root === null || subs.includes(null) ? null : rootCalls * root + (subCalls + repairCalls) * Math.max(0, ...subs.map(Number));
  };
  return { rootCalls, subCalls, repairCalls, tokens: total(({ contextTokens }) => contextTokens ?? null), costUsd: total(dearestCallUsd), unknown };
}

/** One call that fills the context, with as much of it as possible at the dearer price. */
function dearestCallUsd({ price, contextTokens, maxOutputTokens }: ModelSettings): number | null {
  if (price === undefined || contextTokens === undefined) return null;
  const { inputUsdPerMillion, outputUsdPerMillion } = price;
  const outputTokens = outputUsdPerMillion > inputUsdPerMillion ? Math.min(contextTokens, maxOutputTokens ?? contextTokens) : 0;
  return ((contextTokens - outputTokens) * inputUsdPerMillion + outputTokens * outputUsdPerMillion) / 1_000_000;
}
