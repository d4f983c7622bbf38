import type { VariableDescription } from "../core/cell.js";
import type { ToolParameter, ToolSpec } from "../core/tool-spec.js";
import { groupDigits } from "./size-text.js";

/** The user's functions: signature, what they do, and what each parameter means. */
export function renderTools(tools: readonly ToolSpec[], maxToolCalls: number): string {
  return [
    ...tools.map(renderTool),
    `They run outside of the sandbox. A call that fails raises \`ToolError\` with the reason; wrong arguments raise \`TypeError\`. Await several in \`asyncio.gather(...)\` to run them at the same time. At most ${groupDigits(maxToolCalls)} calls in this run.`,
  ].join("\n");
}

function renderTool({ name, description, parameters }: ToolSpec): string {
  const explained = parameters.filter((each) => each.description !== undefined).map((each) => `    ${each.name}: ${collapsed(each.description ?? "")}`);
  return [`- \`${name}(${parameters.map(renderParameter).join(", ")})\`: ${collapsed(description)}`, ...explained].join("\n");
}

function renderParameter({ name, type, required, default: value }: ToolParameter): string {
  return required ? `${name}: ${type}` : `${name}: ${type} = ${value === undefined ? "None" : pythonLiteral(value)}`;
}

/** Helper functions and constants that the setup has defined. */
export function renderHelpers(helpers: readonly VariableDescription[]): string {
  return helpers.map(({ name, type, preview }) => (type === "function" || type === "class" ? `- ${preview}` : `- \`${name}\` (${type}): ${preview}`)).join("\n");
}

function pythonLiteral(value: unknown): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  return JSON.stringify(value);
}

function collapsed(text: string): string {
  return text.trim().replaceAll(/\s+/g, " ");
}
