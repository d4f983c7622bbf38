import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseBytes } from "../core/byte-size.js";
import { ConfigError } from "./config-error.js";
import type { ProjectFile } from "./project-file.js";

export interface ConfigSources {
  /** Command line; what is absent was not given. */
  readonly flags: { readonly home?: string; readonly store?: string; readonly model?: string; readonly subModel?: string; readonly redact?: readonly string[]; readonly packages?: string };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly projectFile: { readonly file: string; readonly settings: ProjectFile } | null;
}

/** Settings that are the same for all runs of a command. Precedence: flag, environment, project file, default. */
export interface Config {
  /** As configured; `null`: the XDG data directory. */
  readonly home: string | null;
  /** As configured; `null`: `store` in the home. */
  readonly storeDirectory: string | null;
  /** What the store may hold; `null`: no limit. */
  readonly storeQuotaBytes: number | null;
  readonly models: {
    /** `null`: none named, and no default is certain to exist on that server. */
    readonly root: string | null;
    readonly sub: string | null;
    readonly allowed: readonly string[];
    readonly settings: NonNullable<ProjectFile["models"]>;
    /** Names of the environment variables that hold the models' keys, other than OPENAI_API_KEY. */
    readonly keyVariables: readonly string[];
  };
  readonly openai: { readonly apiKey: string | null; readonly baseUrl: string | null };
  readonly limits: NonNullable<ProjectFile["limits"]>;
  /** Value of RLM_PACKAGES; `null`: the standard library only. */
  readonly packages: string | null;
  /** Patterns of what must not reach the store: those of the project file, and `--redact`. */
  readonly redact: readonly string[];
  /** As `--sink` writes them; of the project file, or RLM_ALERTS (separated by spaces). */
  readonly alerts: readonly string[];
  /** Runs that may be open at once in the namespace; `null`: no limit. */
  readonly maxOpenRuns: number | null;
  readonly projectFile: string | null;
}

/** Used with OpenAI's own server only: others name their models as they like. */
const DEFAULT_MODEL = "gpt-5";

/**
 * Merges the sources into one complete, checked configuration. Pure but for paths, which are made absolute.
 * @throws ConfigError
 */
export function resolveConfig({ flags, env, projectFile }: ConfigSources): Config {
  const { settings = {}, file = null } = projectFile ?? {};
  const base = file === null ? process.cwd() : path.dirname(file);
  const pick = (flag: string | undefined, variable: string, setting: string | undefined) => flag || env[variable] || setting || null;
  const baseUrl = checkBaseUrl(pick(undefined, "OPENAI_BASE_URL", settings.baseUrl));
  const root = pick(flags.model, "RLM_MODEL", settings.model) ?? (baseUrl === null ? DEFAULT_MODEL : null);
  const models = settings.models ?? {};
  const fromFile = settings.home === undefined ? undefined : path.resolve(base, settings.home);
  return {
    home: pick(flags.home, "RLM_HOME", fromFile),
    storeDirectory: storeDirectory(pick(flags.store, "RLM_STORE", settings.store), base),
    storeQuotaBytes: sizeSetting("RLM_STORE_QUOTA", "storeQuota", pick(undefined, "RLM_STORE_QUOTA", settings.storeQuota)),
    models: {
      root,
      sub: pick(flags.subModel, "RLM_SUB_MODEL", settings.subModel) ?? root,
      allowed: Object.keys(models).filter((name) => models[name]?.allowed === true),
      settings: models,
      keyVariables: [...new Set(Object.values(models).flatMap(({ apiKeyEnv }) => apiKeyEnv ?? []))].filter((name) => name !== "OPENAI_API_KEY").sort(),
    },
    openai: { apiKey: env["OPENAI_API_KEY"] || null, baseUrl },
    limits: settings.limits ?? {},
    packages: env["RLM_PACKAGES"] || packagesSetting(settings.packages, base),
    redact: [...(settings.redact ?? []), ...(flags.redact ?? [])],
    alerts: env["RLM_ALERTS"] ? env["RLM_ALERTS"].split(/\s+/).filter((text) => text !== "") : (settings.alerts ?? []),
    maxOpenRuns: countSetting("RLM_MAX_OPEN_RUNS", env["RLM_MAX_OPEN_RUNS"]) ?? settings.maxOpenRuns ?? null,
    projectFile: file,
  };
}

/** A directory is seen from the project file. */
function packagesSetting(packages: ProjectFile["packages"], base: string): string | null {
  if (packages === undefined) return null;
  const { from, wheels } = packages;
  return JSON.stringify({ from: /^https?:\/\//.test(from) ? from : path.resolve(base, from), wheels });
}

function storeDirectory(store: string | null, base: string): string | null {
  if (store === null) return null;
  if (store.startsWith("s3://")) throw new ConfigError(`The store ${store} is not supported yet. Use file:///directory, or leave RLM_STORE unset.`);
  if (store.startsWith("file:")) {
    try {
      return fileURLToPath(store);
    } catch (error) {
      throw new ConfigError(`The store ${store} is not a file URL of this machine. Write file:///absolute/directory.`, { cause: error });
    }
  }
  if (/^[a-z][a-z0-9+.-]+:/i.test(store)) throw new ConfigError(`The store ${store} is of an unknown kind. Write file:///absolute/directory (for example ${pathToFileURL(path.join(base, "store")).href}).`);
  return path.resolve(base, store);
}

function sizeSetting(variable: string, setting: string, text: string | null): number | null {
  if (text === null) return null;
  try {
    return parseBytes(text);
  } catch (error) {
    throw new ConfigError(`${variable} ("${setting}" in rlm.config.json): ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function countSetting(variable: string, text: string | undefined): number | null {
  if (!text) return null;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new ConfigError(`${variable} is "${text}", which is not a whole number from 1. Correct it, or unset it for no limit.`);
}

function checkBaseUrl(baseUrl: string | null): string | null {
  if (baseUrl === null) return null;
  if (URL.canParse(baseUrl) && /^https?:$/.test(new URL(baseUrl).protocol)) return baseUrl;
  throw new ConfigError(`OPENAI_BASE_URL is "${baseUrl}", which is not an http(s) URL. Write it like http://127.0.0.1:8000/v1.`);
}
