import { readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { nearestName } from "../core/nearest-name.js";
import { ConfigError } from "./config-error.js";
import { modelsByName } from "./models-by-name.js";
import { ModelCapabilitiesSchema, ModelPriceSchema, RegisteredModel } from "./registered-model.js";

const PROJECT_FILE = "rlm.config.json";

const amount = z.union([z.number(), z.string()]);
const Limits = z.strictObject({
  maxIterations: amount,
  maxLlmCalls: amount,
  maxToolCalls: amount,
  maxOutputChars: amount,
  cellTimeout: amount,
  memoryLimit: amount,
  lazyTextAbove: amount,
  maxConcurrency: amount,
  maxTokens: amount,
  budgetUsd: amount,
  timeout: amount,
  maxDepth: amount,
  onLimit: z.string(),
}).partial();

/** See docs/packages.md. */
const Packages = z.strictObject({ from: z.string().min(1), wheels: z.array(z.string().min(1)) });

const ProjectFileSchema = z.strictObject({
  $schema: z.string(),
  home: z.string(),
  store: z.string(),
  /** As in "50GiB": what the store's blobs may take together. */
  storeQuota: z.string(),
  baseUrl: z.url(),
  model: z.string().min(1),
  subModel: z.string().min(1),
  models: z.record(z.string().min(1), RegisteredModel),
  limits: Limits,
  packages: Packages,
  /** Who is told of runs that are blocked, fail or are degraded: `webhook:URL,secret-env=NAME`, `slack:NAME`. */
  alerts: z.array(z.string().min(1)),
  maxOpenRuns: z.number().int().positive(),
  redact: z.array(z.string().min(1)),
}).partial();

/** Contents of `rlm.config.json`. Never holds a key: the file is meant to be checked in. */
export type ProjectFile = z.infer<typeof ProjectFileSchema>;

/**
 * Checks the text of a project file; all faults at once.
 * @throws ConfigError
 */
export function parseProjectFile(text: string, file: string): ProjectFile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new ConfigError(`${file} is not JSON: ${error instanceof Error ? error.message : String(error)}. Mend it, or remove it.`, { cause: error });
  }
  const parsed = ProjectFileSchema.safeParse(modelsByName(json, file));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${file}: ${describeIssue(issue)}`);
  throw new ConfigError(faults.join("\n"), { cause: parsed.error });
}

/**
 * Reads the project file: the one that `RLM_CONFIG` names, else `rlm.config.json` in the working directory, else `null`.
 * @throws ConfigError
 */
export async function loadProjectFile(cwd: string, env: Readonly<Record<string, string | undefined>>): Promise<{ readonly file: string; readonly settings: ProjectFile } | null> {
  const named = env["RLM_CONFIG"];
  const file = path.resolve(cwd, named || PROJECT_FILE);
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if (!named && error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw new ConfigError(`${file} cannot be read (${error instanceof Error ? error.message : String(error)}). Mend its permissions, or set RLM_CONFIG to another file.`, { cause: error });
  }
  return { file, settings: parseProjectFile(text, file) };
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const at = issue.path.map(String).join(".");
  if (issue.code !== "unrecognized_keys") return `"${at}" is wrong: ${issue.message}.`;
  const known = knownKeys(issue.path);
  return issue.keys.map((key) => {
    if (at.startsWith("models") && /key|token|secret/i.test(key)) return `"${at}.${key}" is not a setting: keys do not belong in this file. Name the variable that holds it: "apiKeyEnv".`;
    const near = nearestName(key, known);
    return `"${at === "" ? key : `${at}.${key}`}" is not a setting. ${near === null ? `Known here: ${known.join(", ")}.` : `Did you mean "${near}"?`}`;
  }).join(" ");
}

function knownKeys(at: readonly PropertyKey[]): readonly string[] {
  if (at[0] === "packages") return Object.keys(Packages.shape);
  if (at[0] === "limits") return Object.keys(Limits.shape);
  if (at[0] === "models") return Object.keys(at[2] === "price" ? ModelPriceSchema.shape : at[2] === "capabilities" ? ModelCapabilitiesSchema.shape : RegisteredModel.shape);
  return Object.keys(ProjectFileSchema.shape).filter((key) => key !== "$schema");
}
