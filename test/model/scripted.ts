import { createOpenAiModelClient, type OpenAiModelClientOptions } from "../../src/model/openai-model-client.js";
import { ModelCallError } from "../../src/model/errors.js";
import type { ModelClient, ModelRequest } from "../../src/model/model-client.js";
import { startScriptedModelServer, type ScriptedModelServer, type ScriptedRule } from "../../src/testing/index.js";

export const SECRET_KEY = "test-secret-key-0123456789";

export function ask(content: string, model = "root"): ModelRequest {
  return { model, messages: [{ role: "system", content: "You answer." }, { role: "user", content }] };
}

/** A scripted server of one rule and a client of it, for the length of `use`. */
export async function withServer<T>(
  rule: Omit<ScriptedRule, "name">,
  use: (client: ModelClient, server: ScriptedModelServer) => Promise<T>,
  options: Partial<OpenAiModelClientOptions> = {},
): Promise<T> {
  await using server = await startScriptedModelServer({ rules: [{ name: "only", ...rule }] });
  return await use(createOpenAiModelClient({ baseURL: server.url, apiKey: SECRET_KEY, ...options }), server);
}

/** The `ModelCallError` that `promise` rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<ModelCallError> {
  const error = await promise.then(() => new Error("it did not fail"), (reason: unknown) => reason);
  if (error instanceof ModelCallError) return error;
  throw error;
}

/** Resolves when `condition` holds; checked at every turn of the event loop. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
