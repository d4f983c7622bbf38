import { ConfigError } from "./config-error.js";

/**
 * The project file with its models by name. They may stand there as an object (name → model) or as a list of models with a `name` each.
 * Anything else is left for the schema to judge.
 * @throws ConfigError a model of the list has no name, or the name of another one
 */
export function modelsByName(json: unknown, file: string): unknown {
  if (typeof json !== "object" || json === null || !("models" in json) || !Array.isArray(json.models)) return json;
  const models: Record<string, unknown> = {};
  for (const [index, entry] of json.models.entries()) {
    const { name, ...model }: { name?: unknown } = typeof entry === "object" && entry !== null ? entry : {};
    if (typeof name !== "string" || name === "") throw new ConfigError(`${file}: "models.${index}" has no name. Give it one: {"name": "small", "model": "…", …}.`);
    if (Object.hasOwn(models, name)) throw new ConfigError(`${file}: "models.${index}" has the name "${name}", like another one before it. Names are unique.`);
    models[name] = model;
  }
  return { ...json, models };
}
