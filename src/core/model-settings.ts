/** US dollars for a million tokens. */
export interface ModelPrice {
  readonly inputUsdPerMillion: number;
  readonly outputUsdPerMillion: number;
  /** For the part of the input that came from the provider's cache. @default inputUsdPerMillion */
  readonly cachedInputUsdPerMillion?: number;
}

/** How a server is spoken to: OpenAI's Chat Completions, or its Responses API. */
export type ModelWire = "chat" | "responses";

/** What a model, or the server in front of it, can do. */
export interface ModelCapabilities {
  /** The server can stream. @default true */
  readonly streaming?: boolean;
  /** The model takes system messages; where not, they go in front of the first user message. @default true */
  readonly systemMessages?: boolean;
  /** The server keeps a reply to a JSON Schema that is sent with the request. @default false */
  readonly jsonSchema?: boolean;
}

/** What a project knows of a model. Travels in the run's spec, so that every worker counts and asks alike. Never holds a key, only the name of its variable. */
export interface ModelSettings {
  /** The name that the server knows. @default the name it is registered under */
  readonly model?: string;
  /** Root of the API. @default the worker's `OPENAI_BASE_URL` */
  readonly baseURL?: string;
  /** Environment variable of the worker that holds the key. @default none for a `baseURL` of its own, else `OPENAI_API_KEY` */
  readonly apiKeyEnv?: string;
  /** @default "chat" */
  readonly wire?: ModelWire;
  readonly capabilities?: ModelCapabilities;
  /** Unknown: the cost of its calls is `null`. */
  readonly price?: ModelPrice;
  /** Upper bound of an answer, in tokens, thinking included. @default the provider's */
  readonly maxOutputTokens?: number;
  /** From the start of a call to the end of its answer. @default 600_000 */
  readonly callTimeoutMs?: number;
  /** More fields of the request body: temperature, reasoning effort, provider's options. JSON values. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Longest prompt and answer together, in tokens; the root model is told how much text fits one sub-call. */
  readonly contextTokens?: number;
}

/** Who answers in a run. */
export interface RunModels {
  readonly root: string;
  readonly sub: string;
  /** Further names that `llm_query(model=…)` may use. */
  readonly allowed: readonly string[];
  readonly settings: ModelSettingsTable;
}

/** By model name as it is asked for. */
export type ModelSettingsTable = Readonly<Record<string, ModelSettings>>;

/** The models of a run that have no known price: without it money cannot be counted. */
export function modelsWithoutPrice({ root, sub, allowed, settings }: RunModels): readonly string[] {
  return [...new Set([root, sub, ...allowed])].filter((model) => findModelSettings(settings, model).price === undefined);
}

/** The settings of a model: by its exact name, else by its name without the date that providers append (`gpt-x-2026-01-31`). */
export function findModelSettings(table: ModelSettingsTable, model: string): ModelSettings {
  const undated = model.replace(/-\d{4}-?\d{2}-?\d{2}$/, "");
  for (const name of [model, undated]) {
    if (Object.hasOwn(table, name)) return table[name] ?? {};
  }
  return {};
}
