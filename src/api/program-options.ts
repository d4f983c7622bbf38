import { readLimitSettings } from "../config/limit-settings.js";
import { ConfigError } from "../config/config-error.js";
import type { Config } from "../config/resolve-config.js";
import type { RunModels } from "../core/model-settings.js";
import { defaultLimitsOf, type Strategy } from "../core/strategy.js";
import { resolveRunOptions, type RunOptions } from "../core/resolve-run-limits.js";
import type { RunLimits } from "../core/run-limits.js";
import { requireModels, requirePrices } from "./compose/check-models.js";
import type { Tool } from "../tools/tool.js";
import type { RlmClient } from "./rlm-client.js";

/** Options of a program; limits that are left out come from `rlm.config.json`, else from the defaults. */
export interface ProgramOptions extends RunOptions {
  /** Root model. @default RLM_MODEL, else `rlm.config.json`, else gpt-5 at OpenAI's own server */
  readonly model?: string;
  /** For sub-calls. @default RLM_SUB_MODEL, else the root model */
  readonly subModel?: string;
  /** Functions of yours that the model can call; hosted by `createWorker({ tools })` of `durable-rlm/worker`. @default none */
  readonly tools?: readonly Tool[];
  /** Where the tools are hosted. @default the queue that `createWorker` takes for the same tools */
  readonly toolQueue?: string;
  /** Python source that is run once before the first turn: helper functions and constants, described to the model. @default none */
  readonly setup?: string;
  /** @default the process's shared one */
  readonly client?: RlmClient;
}

export interface ResolvedOptions {
  readonly models: RunModels;
  readonly limits: RunLimits;
}

/**
 * Options of a run over the strategy's own over those of the project file over the defaults.
 * @throws RunOptionsError, ConfigError, ModelSetupError
 */
export function resolveProgramOptions({ model, subModel, client: _client, tools: _tools, toolQueue: _toolQueue, setup: _setup, ...limits }: ProgramOptions, config: Config, strategy: Strategy): ResolvedOptions {
  const fromFile = readLimitSettings(config.limits);
  const [fault] = fromFile.faults;
  if (fault !== undefined) throw new ConfigError(`${config.projectFile ?? "rlm.config.json"}: limits.${fault.setting}: ${fault.problem}`);
  const given = Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
  const resolved = resolveRunOptions({ ...fromFile.options, ...defaultLimitsOf(strategy), ...given });
  const root = model ?? config.models.root;
  // A root model named here brings its own default for sub-calls; a sub-model that is configured stays.
  const configuredSub = config.models.sub === config.models.root ? root : config.models.sub;
  const models = requireModels({ ...config, models: { ...config.models, root, sub: subModel ?? configuredSub } });
  if (resolved.budgetUsd !== null) requirePrices(models);
  return { models, limits: resolved };
}
