import type { ModelPrice, ModelSettings } from "../core/model-settings.js";
import type { RegisteredModel } from "./registered-model.js";

/** A registered model as it travels in the run's spec. The file's schema writes an absent setting as `undefined`; the spec leaves it out. */
export function toModelSettings({ allowed: _allowed, price, callTimeout, capabilities, ...others }: RegisteredModel): ModelSettings {
  const settings: Record<string, unknown> = {
    ...others,
    callTimeoutMs: callTimeout,
    price: price == null ? undefined : toPrice(price),
    capabilities: capabilities === undefined ? undefined : withoutAbsent(capabilities),
  };
  return withoutAbsent(settings);
}

function toPrice(price: NonNullable<RegisteredModel["price"]>): ModelPrice {
  const { cachedInputUsdPerMillion, ...rest } = price;
  return cachedInputUsdPerMillion === undefined ? rest : { ...rest, cachedInputUsdPerMillion };
}

function withoutAbsent(settings: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}
