import type { VariableDescription } from "../core/cell.js";
import { findModelSettings } from "../core/model-settings.js";
import type { RunSpec } from "../core/run-spec.js";
import { packFor } from "./pack-for.js";
import type { PromptPack } from "./prompt-pack.js";
import { renderSystemMessage } from "./render-system-message.js";

/** The wording that the root model of a run is given: the newest pack, with what is known of its family. */
export function rootPack({ models }: RunSpec): PromptPack {
  return packFor(findModelSettings(models.settings, models.root).model ?? models.root);
}

/** The root model's system message of a run whose inputs are these. */
export function systemMessageOf(spec: RunSpec, variables: readonly VariableDescription[]): string {
  const { signature, limits, models, tools = [], packages } = spec;
  const subContextTokens = findModelSettings(models.settings, models.sub).contextTokens ?? null;
  return renderSystemMessage({ signature, variables, limits, tools, maxToolCalls: limits.maxToolCalls, subContextTokens, allowedModels: models.allowed, isChild: spec.inherited !== undefined, pack: rootPack(spec), ...(packages !== undefined && { packages }) });
}
