import type { Config } from "../../config/resolve-config.js";
import { modelsWithoutPrice, type ModelPrice, type ModelSettings } from "../../core/model-settings.js";
import type { RunSpec } from "../../core/run-spec.js";
import { ModelSetupError } from "./model-setup-error.js";

/**
 * The models of a run.
 * @throws ModelSetupError `no_model`
 */
export function requireModels({ models }: Config): RunSpec["models"] {
  const { root, sub, allowed } = models;
  const settings = Object.fromEntries(Object.entries(models.settings).map(([name, each]) => [name, toModelSettings(each)]));
  if (root === null) {
    throw new ModelSetupError("no_model", "No model is named, and the server in OPENAI_BASE_URL has names of its own.", "Name one with --model, RLM_MODEL, or \"model\" in rlm.config.json.");
  }
  return { root, sub: sub ?? root, allowed, settings };
}

/**
 * A budget in money needs to know what every model of the run costs.
 * @throws ModelSetupError `unknown_price`
 */
export function requirePrices(models: RunSpec["models"]): void {
  const unknown = modelsWithoutPrice(models);
  if (unknown.length === 0) return;
  const hint = `Give it in rlm.config.json: {"models": {"${unknown[0] ?? ""}": {"price": {"inputUsdPerMillion": 1, "outputUsdPerMillion": 4}}}}, or limit by --max-tokens.`;
  throw new ModelSetupError("unknown_price", `--budget-usd needs the price of ${unknown.join(", ")}, which is not known.`, hint);
}

/** Neither a key nor a server that needs none, and no running stack that has them. */
export function noCredentials(): ModelSetupError {
  const hint = "Set OPENAI_API_KEY, or OPENAI_BASE_URL to an OpenAI-compatible server of your own (which may need no key).";
  return new ModelSetupError("credentials", "There is no key for the model server: OPENAI_API_KEY is not set.", hint);
}

/** The file's schema writes an absent setting as `undefined`; the spec leaves it out. */
function toModelSettings({ price, parameters, contextTokens }: Config["models"]["settings"][string]): ModelSettings {
  return {
    ...(price !== undefined && { price: toPrice(price) }),
    ...(parameters !== undefined && { parameters }),
    ...(contextTokens !== undefined && { contextTokens }),
  };
}

function toPrice({ cachedInputUsdPerMillion, ...rest }: NonNullable<Config["models"]["settings"][string]["price"]>): ModelPrice {
  return cachedInputUsdPerMillion === undefined ? rest : { ...rest, cachedInputUsdPerMillion };
}
