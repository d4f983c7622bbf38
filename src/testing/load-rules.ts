import { readFile } from "node:fs/promises";
import { extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { ScriptedModelServerOptions } from "./scripted-model-server.js";

export type ScriptedScript = Pick<ScriptedModelServerOptions, "rules" | "default" | "models">;

/**
 * Loads a script: a JSON file, or a module whose default export (or export `script`) is one.
 * A script is an array of rules or `{ rules, default?, models? }`. In JSON a RegExp is written `{ "regex": "…", "flags": "s" }`.
 */
export async function loadRules(file: string): Promise<ScriptedScript> {
  const loaded = extname(file) === ".json" ? JSON.parse(await readFile(file, "utf8"), reviveRegExp) as unknown : await importScript(file);
  if (Array.isArray(loaded)) return { rules: loaded };
  if (typeof loaded === "object" && loaded !== null && "rules" in loaded && Array.isArray(loaded.rules)) return loaded as ScriptedScript;
  throw new TypeError(`${file} is not a script: expected an array of rules or { rules: […] }.`);
}

async function importScript(file: string): Promise<unknown> {
  const module = (await import(pathToFileURL(resolve(file)).href)) as Record<string, unknown>;
  return module["default"] ?? module["script"];
}

function reviveRegExp(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("regex" in value) || typeof value.regex !== "string") return value;
  return new RegExp(value.regex, "flags" in value && typeof value.flags === "string" ? value.flags : "");
}
