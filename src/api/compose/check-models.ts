import type { Config } from "../../config/resolve-config.js";
import { toModelSettings } from "../../config/to-model-settings.js";
import { findModelSettings, modelsWithoutPrice } from "../../core/model-settings.js";
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

/** Variables that the run's models need a key from, and that are not set: `OPENAI_API_KEY` for a model of the default server, where no other one is named. */
export function missingKeys({ openai }: Config, { root, sub, settings }: RunSpec["models"], env: NodeJS.ProcessEnv): readonly string[] {
  const variables = [root, sub].flatMap((name) => {
    const { baseURL, apiKeyEnv } = findModelSettings(settings, name);
    if (apiKeyEnv !== undefined) return env[apiKeyEnv] ? [] : [apiKeyEnv];
    return baseURL === undefined && openai.apiKey === null && openai.baseUrl === null ? ["OPENAI_API_KEY"] : [];
  });
  return [...new Set(variables)];
}

/** Neither a key nor a server that needs none, and no running stack that has them. */
export function noCredentials(variable = "OPENAI_API_KEY"): ModelSetupError {
  if (variable !== "OPENAI_API_KEY") return new ModelSetupError("credentials", `There is no key for a model of this run: ${variable} is not set.`, `Set ${variable}; rlm.config.json names it as the model's apiKeyEnv.`);
  const hint = "Set OPENAI_API_KEY, or OPENAI_BASE_URL to an OpenAI-compatible server of your own (which may need no key).";
  return new ModelSetupError("credentials", "There is no key for the model server: OPENAI_API_KEY is not set.", hint);
}
