import { ModelCallError } from "./errors.js";
import type { ModelClient } from "./model-client.js";
import { findNearMatches } from "./near-matches.js";

export type PreflightResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly problem: "credentials" | "unreachable" | "unknown_model"; readonly message: string; readonly hint: string };

/**
 * Looks before a run is started whether its model calls can work at all: the server answers, takes the key, and knows the models. Free of charge
 * (`GET /models`). What cannot be known passes: a server without a list, or one that is busy. Rejects only when `signal` is aborted.
 */
export async function preflight(client: Pick<ModelClient, "listModels">, models: { readonly model: string; readonly subModel: string }, signal?: AbortSignal): Promise<PreflightResult> {
  let offered: readonly string[] | null;
  try {
    offered = await client.listModels(signal);
  } catch (error) {
    if (!(error instanceof ModelCallError)) throw error;
    return explain(error);
  }
  if (offered === null || offered.length === 0) return { ok: true };
  for (const model of new Set([models.model, models.subModel])) {
    if (!isOffered(offered, model)) return unknownModel(offered, model);
  }
  return { ok: true };
}

function explain(error: ModelCallError): PreflightResult {
  if (error.kind === "credentials") {
    return { ok: false, problem: "credentials", message: error.message, hint: "Set OPENAI_API_KEY to a key of this server, and OPENAI_BASE_URL if the key belongs to another one." };
  }
  if (error.kind === "rate_limited" || error.kind === "quota") return { ok: true };
  return { ok: false, problem: "unreachable", message: error.message, hint: "Check OPENAI_BASE_URL: it must lead to an OpenAI-compatible API and usually ends in /v1." };
}

function unknownModel(offered: readonly string[], model: string): PreflightResult {
  const near = findNearMatches(model, offered, 3);
  const hint = near.length > 0 ? `Did you mean ${near.join(", ")}?` : `It offers ${offered.slice(0, 5).join(", ")}${offered.length > 5 ? `, and ${offered.length - 5} more` : ""}.`;
  return { ok: false, problem: "unknown_model", message: `The model server does not offer the model "${model}".`, hint };
}

/** Lists leave out spellings that servers accept: Gemini's prefix `models/`, Ollama's `:latest`, OpenRouter's `:variant`, LiteLLM's wildcards. */
function isOffered(offered: readonly string[], model: string): boolean {
  const spellings = [model, `models/${model}`, `${model}:latest`, model.replace(/:[^:/]+$/, "")];
  return offered.some((id) => spellings.includes(id) || (id.endsWith("*") && model.startsWith(id.slice(0, -1))));
}
