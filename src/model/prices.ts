import type { ModelPrice } from "../core/model-settings.js";
import type { Usage } from "../core/usage.js";

/** Cost in US dollars of one call; `null` when the price is unknown. */
export function computeCostUsd(price: ModelPrice | undefined, tokens: Omit<Usage, "costUsd">): number | null {
  if (price === undefined) return null;
  const cached = tokens.cachedTokens * (price.cachedInputUsdPerMillion ?? price.inputUsdPerMillion);
  const fresh = (tokens.inputTokens - tokens.cachedTokens) * price.inputUsdPerMillion;
  return (fresh + cached + tokens.outputTokens * price.outputUsdPerMillion) / 1_000_000;
}
