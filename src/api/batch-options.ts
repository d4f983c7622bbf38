import type { BatchLimits } from "../core/batch-wire.js";
import type { RunModels } from "../core/model-settings.js";
import { RunOptionsError } from "../core/resolve-run-limits.js";
import type { CommonStartOptions } from "./common-start-options.js";
import { requirePrices } from "./compose/check-models.js";
import type { GivenInputs } from "./given-inputs.js";
import { toInputJson } from "./input-json.js";

/** A row: a value for each input that is not shared, or `{ "@": "FILE" }`; and its `id`, by default a digest of the row. */
export type BatchRow<Inputs> = { readonly [Name in keyof Inputs]?: GivenInputs<Inputs>[Name] | { readonly "@": string } } & { readonly id?: string | number };
export type BatchRows<Inputs> = Iterable<BatchRow<Inputs>> | AsyncIterable<BatchRow<Inputs>>;

export interface BatchOptions<Inputs> extends CommonStartOptions {
  /** Names the batch; at most 60 bytes. The same one again goes on with it. */
  readonly id: string;
  /** Inputs that all rows share. */
  readonly shared?: Partial<GivenInputs<Inputs>>;
  /** Rows under way at once. @default 8 */
  readonly concurrency?: number;
  /** Failed rows after which no other is started. @default no limit */
  readonly maxFailures?: number;
  /** Sub-calls of all rows together; those of one row are the program's `maxLlmCalls`. @default no limit */
  readonly totalLlmCalls?: number;
  /** Money for all rows together, in US dollars; that of one row is the program's `budgetUsd`. @default no limit */
  readonly totalBudgetUsd?: number;
}

/** @throws RunOptionsError, ModelSetupError a budget without prices */
export function batchLimits(options: Omit<BatchOptions<object>, "shared">, models: RunModels): BatchLimits {
  const { concurrency = 8 } = options;
  const [maxFailures, totalLlmCalls, totalBudgetUsd] = [options.maxFailures ?? null, options.totalLlmCalls ?? null, options.totalBudgetUsd ?? null];
  const faults = Object.entries({ concurrency, maxFailures, totalLlmCalls }).flatMap(([name, value]) => (value === null || (Number.isSafeInteger(value) && value >= 1) ? [] : [`${name} is ${value}; it must be a whole number from 1 on`]));
  if (totalBudgetUsd !== null && !(totalBudgetUsd > 0 && Number.isFinite(totalBudgetUsd))) faults.push(`totalBudgetUsd is ${totalBudgetUsd}; it must be a number above 0`);
  if (faults.length > 0) throw new RunOptionsError(faults);
  if (totalBudgetUsd !== null) requirePrices(models);
  return { concurrency, maxFailures, totalLlmCalls, budgetUsd: totalBudgetUsd };
}

/** Rows as the lines of a file of them. @throws InputError a value that JSON cannot hold */
export async function* rowLines(rows: Iterable<object> | AsyncIterable<object>): AsyncGenerator<Uint8Array> {
  let line = 0;
  for await (const row of rows) yield Buffer.from(`${toInputJson(`row ${(line += 1)}`, row)}\n`, "utf8");
}
