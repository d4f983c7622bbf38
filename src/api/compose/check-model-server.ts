import type { Config } from "../../config/resolve-config.js";
import type { RunSpec } from "../../core/run-spec.js";
import { createOpenAiModelClient } from "../../model/openai-model-client.js";
import { preflight } from "../../model/preflight.js";
import { ModelSetupError } from "./model-setup-error.js";

export const OPENAI_URL = "https://api.openai.com/v1";

/**
 * Looks, free of charge, whether the model server answers, takes the key and knows the models. For the embedded stack only: remote workers have
 * credentials of their own.
 * @throws ModelSetupError `credentials`, `model_server_unreachable`, `unknown_model`
 */
export async function checkModelServer({ openai }: Config, models: Pick<RunSpec["models"], "root" | "sub">): Promise<void> {
  const client = createOpenAiModelClient({ baseURL: openai.baseUrl ?? OPENAI_URL, apiKey: openai.apiKey });
  const result = await preflight(client, { model: models.root, subModel: models.sub });
  if (result.ok) return;
  throw new ModelSetupError(result.problem === "unreachable" ? "model_server_unreachable" : result.problem, result.message, result.hint);
}
