import type { JsonSchema, ToolParameter, ToolSpec } from "../core/tool-spec.js";
import { findNameFault } from "../signature/names.js";
import { ToolDefinitionError } from "./errors.js";
import { propertiesOf } from "./parameter-schema.js";
import { pythonType } from "./python-type.js";
import { isTool, type Tool } from "./tool.js";

/**
 * What the run's spec says of its tools. Names are checked here once more: tools may come from a file that was made elsewhere.
 *
 * @throws ToolDefinitionError two of one name, a name of the sandbox, or the name of an input
 */
export function toolSpecs(tools: readonly Tool[], inputNames: readonly string[]): readonly ToolSpec[] {
  const seen = new Set<string>();
  for (const tool of tools) {
    if (!isTool(tool)) throw new ToolDefinitionError(`A tool is ${typeof tool === "object" ? "an object" : `a ${typeof tool}`} that was not made with tool(…). Make it with tool({ name, description, parameters, run }).`);
    const { name } = tool;
    const fault = findNameFault(name, "input");
    if (fault !== null) throw new ToolDefinitionError(`A tool cannot be used: ${fault.problem} ${fault.cure}`);
    if (seen.has(name)) throw new ToolDefinitionError(`Two tools are called \`${name}\`. Rename one of them.`);
    if (inputNames.includes(name)) throw new ToolDefinitionError(`\`${name}\` is a tool and an input of the signature. Rename one of them.`);
    seen.add(name);
  }
  return tools.map(({ name, description, schema }) => ({ name, description, parameters: parametersOf(schema) }));
}

function parametersOf(schema: JsonSchema): readonly ToolParameter[] {
  const required = new Set((schema["required"] ?? []) as readonly string[]);
  const all = Object.entries(propertiesOf(schema)).map(([name, property]): ToolParameter => ({
    name,
    type: pythonType(property),
    required: required.has(name),
    ...("default" in property && { default: property["default"] }),
    ...(typeof property["description"] === "string" && { description: property["description"] }),
    schema: property,
  }));
  // Python wants parameters without a default first.
  return [...all.filter((each) => each.required), ...all.filter((each) => !each.required)];
}
