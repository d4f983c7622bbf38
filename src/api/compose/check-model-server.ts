import type { Config } from "../../config/resolve-config.js";
import { findModelSettings } from "../../core/model-settings.js";
import type { RunSpec } from "../../core/run-spec.js";
import { createRouteClient, resolveRoute } from "../../model/model-router.js";
import { preflight } from "../../model/preflight.js";
import { ModelSetupError } from "./model-setup-error.js";

export const OPENAI_URL = "https://api.openai.com/v1";

/**
 * Looks, free of charge, whether the servers of the root and the sub-model answer, take the keys and know the models. For the embedded stack only:
 * remote workers have credentials of their own.
 * @throws ModelSetupError `credentials`, `model_server_unreachable`, `unknown_model`
 */
export async function checkModelServer({ openai }: Config, models: Pick<RunSpec["models"], "root" | "sub" | "settings">, env: NodeJS.ProcessEnv): Promise<void> {
  const options = { baseURL: openai.baseUrl ?? OPENAI_URL, apiKey: openai.apiKey, keyOf: (variable: string) => env[variable] || null };
  const byRoute = new Map<string, { readonly route: ReturnType<typeof resolveRoute>; readonly names: string[] }>();
  for (const name of new Set([models.root, models.sub])) {
    const settings = findModelSettings(models.settings, name);
    const route = resolveRoute(options, settings);
    const known = byRoute.get(JSON.stringify(route)) ?? { route, names: [] };
    known.names.push(settings.model ?? name);
    byRoute.set(JSON.stringify(route), known);
  }
  for (const { route, names: [first = "", second = first] } of byRoute.values()) {
    const result = await preflight(createRouteClient(route), { model: first, subModel: second });
    if (!result.ok) throw new ModelSetupError(result.problem === "unreachable" ? "model_server_unreachable" : result.problem, result.message, hintFor(route.apiKeyEnv, result));
  }
}

function hintFor(apiKeyEnv: string, { problem, hint }: { readonly problem: string; readonly hint: string }): string {
  return problem === "credentials" && apiKeyEnv !== "OPENAI_API_KEY" ? `Set ${apiKeyEnv} to a key of this server.` : hint;
}
