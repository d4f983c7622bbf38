import type { RunSpec } from "../core/run-spec.js";
import type { Signature } from "../core/signature.js";
import type { TaskQueues } from "../core/wire.js";
import { toolQueueOf } from "../tools/tool-queue.js";
import { toolSpecs } from "../tools/tool-specs.js";
import type { ProgramOptions } from "./program-options.js";

/** What tools and setup add to a run's spec. @throws ToolDefinitionError */
export function runExtras({ tools = [], setup }: ProgramOptions, { inputs }: Signature): Pick<RunSpec, "tools" | "setup"> {
  return {
    ...(tools.length > 0 && { tools: toolSpecs(tools, inputs.map(({ name }) => name)) }),
    ...(setup !== undefined && { setup }),
  };
}

/** The queues of a run whose tools are hosted somewhere. */
export function withToolQueue(queues: TaskQueues, { tools = [], toolQueue }: ProgramOptions): TaskQueues {
  return tools.length === 0 ? queues : { ...queues, tools: toolQueue ?? toolQueueOf(queues.workflow, tools) };
}
