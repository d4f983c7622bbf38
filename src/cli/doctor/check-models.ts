import type { Settings } from "../../api/compose/read-settings.js";
import { OPENAI_URL, checkModelServer } from "../../api/compose/check-model-server.js";
import { missingKeys, noCredentials, requireModels } from "../../api/compose/check-models.js";
import { findModelSettings } from "../../core/model-settings.js";
import { stackStatus } from "../../stack/stack-status.js";
import type { Finding } from "./check.js";

/** The servers of the root and the sub-model: do they answer, take the keys and know the models? Keys are never printed, only where they come from. */
export async function checkModels({ config, env, home }: Settings): Promise<string | Finding> {
  const models = requireModels(config);
  const servers = [...new Set([models.root, models.sub])].map((name) => {
    const { baseURL, apiKeyEnv } = findModelSettings(models.settings, name);
    const { host } = new URL(baseURL ?? config.openai.baseUrl ?? OPENAI_URL);
    const key = apiKeyEnv ?? (baseURL === undefined && config.openai.apiKey !== null ? "OPENAI_API_KEY" : null);
    return `${name} at ${host} (${key === null ? "no key" : `key in ${key}`})`;
  }).join(", ");
  const [missing] = missingKeys(config, models, env);
  if (missing === undefined) {
    await checkModelServer(config, models, env);
    return servers;
  }
  // A stack keeps the key of the command that started it.
  const { running, credentials } = await stackStatus(home);
  if (!running || credentials === null) throw noCredentials(missing);
  return { detail: `${models.root}, ${models.sub}: not asked, ${missing} is not set here`, hint: "The embedded stack has the key of the command that started it, and runs can use it." };
}
