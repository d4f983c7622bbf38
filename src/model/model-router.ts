import type { ModelSettings } from "../core/model-settings.js";
import { ModelCallError } from "./errors.js";
import type { ModelClient } from "./model-client.js";
import { createOpenAiModelClient } from "./openai-model-client.js";
import { createOpenAiResponsesClient } from "./openai-responses-client.js";

export interface ModelRouterOptions {
  /** Where models go that name no server of their own, and the key for it. */
  readonly baseURL: string;
  readonly apiKey: string | null;
  /** Value of an environment variable that a model's `apiKeyEnv` names; `null`: not set. */
  readonly keyOf: (variable: string) => string | null;
  /** Hosts (`name` or `name:port`) that models may name; `null`: any. A worker that others can start runs on should have such a list. @default null */
  readonly allowedHosts?: ReadonlySet<string> | null;
}

/**
 * A model client that sends each request where its model lives: several servers, keys and wires in one run. A key goes to no other server than the
 * one it was named for: `OPENAI_API_KEY` to the default server, a model's `apiKeyEnv` to its `baseURL`.
 *
 * `complete` throws ModelCallError `blocked`/`credentials` for a key that this process does not have: a person must give it.
 */
export function createModelRouter(options: ModelRouterOptions): ModelClient {
  const clients = new Map<string, ModelClient>();
  const clientOf = (settings: ModelSettings): ModelClient => {
    const route = resolveRoute(options, settings);
    const known = JSON.stringify(route);
    const client = clients.get(known) ?? createRouteClient(route);
    clients.set(known, client);
    return client;
  };
  return {
    complete: async (request, callOptions) => clientOf(request.settings ?? {}).complete(request, callOptions),
    listModels: (signal) => clientOf({}).listModels(signal),
  };
}

/** A client of one server and wire. */
export function createRouteClient(route: Route): ModelClient {
  return route.wire === "responses" ? createOpenAiResponsesClient(route) : createOpenAiModelClient(route);
}

interface Route {
  readonly baseURL: string;
  readonly apiKey: string | null;
  readonly apiKeyEnv: string;
  readonly wire: "chat" | "responses";
}

/** Where a model's calls go, and with which key. Throws ModelCallError. */
export function resolveRoute(options: ModelRouterOptions, { baseURL = options.baseURL, apiKeyEnv, wire = "chat" }: ModelSettings): Route {
  const { host } = new URL(baseURL);
  if (baseURL !== options.baseURL && options.allowedHosts != null && !options.allowedHosts.has(host)) {
    throw new ModelCallError(`This worker may not call ${host}: it is not in RLM_MODEL_HOSTS. Add it there, then retry the run.`, "blocked", "credentials");
  }
  if (apiKeyEnv === undefined) return { baseURL, apiKey: baseURL === options.baseURL ? options.apiKey : null, apiKeyEnv: "OPENAI_API_KEY", wire };
  const apiKey = options.keyOf(apiKeyEnv);
  if (apiKey === null) {
    throw new ModelCallError(`The key for ${host} is missing: ${apiKeyEnv} is not set where the worker runs. Set it there, then retry the run.`, "blocked", "credentials");
  }
  return { baseURL, apiKey, apiKeyEnv, wire };
}
