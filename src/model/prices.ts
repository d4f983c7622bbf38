import type { Usage } from "../core/usage.js";

/** US dollars for a million tokens. */
export interface ModelPrice {
  readonly inputUsdPerMillion: number;
  readonly outputUsdPerMillion: number;
  /** For the part of the input that came from the provider's cache. @default inputUsdPerMillion */
  readonly cachedInputUsdPerMillion?: number;
}

/** By model name as it is asked for. */
export type PriceTable = Readonly<Record<string, ModelPrice>>;

/** The price of a model: by its exact name, else by its name without the date providers append (`gpt-x-2026-01-31`). */
export function findPrice(prices: PriceTable, model: string): ModelPrice | null {
  const undated = model.replace(/-\d{4}-?\d{2}-?\d{2}$/, "");
  for (const name of [model, undated]) {
    if (Object.hasOwn(prices, name)) return prices[name] ?? null;
  }
  return null;
}

/** Cost in US dollars of one call; `null` when the price is unknown. */
export function computeCostUsd(price: ModelPrice | null, tokens: Omit<Usage, "costUsd">): number | null {
  if (price === null) return null;
  const cached = tokens.cachedTokens * (price.cachedInputUsdPerMillion ?? price.inputUsdPerMillion);
  const fresh = (tokens.inputTokens - tokens.cachedTokens) * price.inputUsdPerMillion;
  return (fresh + cached + tokens.outputTokens * price.outputUsdPerMillion) / 1_000_000;
}
