import type { VariableDescription } from "../core/cell.js";
import type { Signature, SignatureField } from "../core/signature.js";
import type { ToolSpec } from "../core/tool-spec.js";
import { PACK_V1 } from "./pack-v1.js";
import { fillTemplate, type PromptPack } from "./prompt-pack.js";
import { renderInputs } from "./render-inputs.js";
import { renderOutputFields, renderSubmitCall } from "./render-outputs.js";
import { renderFunctions, renderLimits, renderReplRules, type PromptLimits } from "./render-repl-rules.js";
import { renderHelpers, renderTools } from "./render-tools.js";
import { groupDigits } from "./size-text.js";
import { renderSubCallSize } from "./sub-call-size.js";

export interface SystemMessageParts {
  readonly signature: Signature;
  /** What to do with the inputs. @default the signature's own */
  readonly instructions?: string | null;
  /** The inputs, and what the setup has defined, as the sandbox describes them. */
  readonly variables: readonly VariableDescription[];
  readonly limits: PromptLimits;
  /** The user's functions. @default none */
  readonly tools?: readonly ToolSpec[];
  readonly maxToolCalls?: number;
  /** Context of the sub-model in tokens; `null`: not known. */
  readonly subContextTokens: number | null;
  /** A child run: the variables of the run that started it are there as well. @default false */
  readonly isChild?: boolean;
  /** What code may name in `llm_query(model=)`. @default none */
  readonly allowedModels?: readonly string[];
  /** Names and versions of the packages of the sandbox. @default none */
  readonly packages?: readonly string[];
  /** @default PACK_V1 */
  readonly pack?: PromptPack;
}

/** The root model's system message. The same parts give the same text to the byte, and it stays the same for the whole run: providers' prompt caches hit. */
export function renderSystemMessage({ signature, instructions, variables, limits, tools = [], maxToolCalls = 0, subContextTokens, isChild = false, allowedModels = [], packages = [], pack = PACK_V1 }: SystemMessageParts): string {
  const helpers = variables.filter(({ helper }) => helper === true);
  const hasSubCalls = limits.maxLlmCalls > 0;
  const sections: readonly (readonly [string, string])[] = [
    ["Task", renderTask(signature, instructions ?? signature.instructions)],
    ["Inputs", [renderInputs(signature.inputs, variables.filter(({ helper }) => helper !== true)) || "None.", ...(isChild ? [CALLERS_VARIABLES] : [])].join("\n\n")],
    ["Outputs", `${renderOutputs(signature)}\n${pack.outputs}`],
    ["REPL", renderReplRules(limits, packages)],
    ["Functions", renderFunctions(limits, allowedModels)],
    ...(tools.length > 0 ? [["Tools", `${renderTools(tools, maxToolCalls)}\n${pack.tools}`] as const] : []),
    ...(helpers.length > 0 ? [["Helpers", renderHelpers(helpers)] as const] : []),
    ["Limits", renderLimits(limits)],
    ["How to work", hasSubCalls ? fillTemplate(pack.strategy, { subCallSize: renderSubCallSize(subContextTokens), maxLlmCalls: groupDigits(limits.maxLlmCalls) }) : pack.strategyWithoutSubCalls],
    ...(hasSubCalls ? [["Examples", pack.examples] as const] : []),
  ];
  return [pack.task, ...sections.map(([title, text]) => `# ${title}\n${text}`)].join("\n\n");
}

const CALLERS_VARIABLES =
  "The task comes from a program that has a REPL like yours. You have a copy of all its variables and functions beside these; `SHOW_VARS()` lists them. What you change does not reach it: only what you submit does.";

function renderTask(signature: Signature, instructions: string | undefined): string {
  const outputs = nameList(signature.outputs);
  const goal = signature.inputs.length === 0 ? `Produce ${outputs}.` : `From ${nameList(signature.inputs)}, produce ${outputs}.`;
  const text = instructions?.trim() ?? "";
  return text === "" ? goal : `${goal}\n\n${text}`;
}

function renderOutputs({ outputs }: Signature): string {
  return `Hand them in from a code block with \`${renderSubmitCall(outputs)}\`, which ends the run:\n${renderOutputFields(outputs)}\n`
    + "Values are checked against these types; if some do not fit, you are told all faults, and the run goes on.";
}

function nameList(fields: readonly SignatureField[]): string {
  return fields.map((field) => `\`${field.name}\``).join(", ");
}
