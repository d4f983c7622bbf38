/** US dollars for a million tokens. */
export interface ModelPrice {
  readonly inputUsdPerMillion: number;
  readonly outputUsdPerMillion: number;
  /** For the part of the input that came from the provider's cache. @default inputUsdPerMillion */
  readonly cachedInputUsdPerMillion?: number;
}

/** What a project knows of a model. Travels in the run's spec, so that every worker counts and asks alike. */
export interface ModelSettings {
  /** Unknown: the cost of its calls is `null`. */
  readonly price?: ModelPrice;
  /** More fields of the request body: temperature, reasoning effort, provider's options. JSON values. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Longest prompt and answer together, in tokens; the root model is told how much text fits one sub-call. */
  readonly contextTokens?: number;
}

/** By model name as it is asked for. */
export type ModelSettingsTable = Readonly<Record<string, ModelSettings>>;

/** The settings of a model: by its exact name, else by its name without the date that providers append (`gpt-x-2026-01-31`). */
export function findModelSettings(table: ModelSettingsTable, model: string): ModelSettings {
  const undated = model.replace(/-\d{4}-?\d{2}-?\d{2}$/, "");
  for (const name of [model, undated]) {
    if (Object.hasOwn(table, name)) return table[name] ?? {};
  }
  return {};
}
