import { readFile } from "node:fs/promises";
import type { RunSpec } from "../core/run-spec.js";
import type { Signature } from "../core/signature.js";
import type { TaskQueues } from "../core/wire.js";
import { loadToolsFile, type ToolsFile } from "../tools/load-tools-file.js";
import { toolQueueName } from "../tools/tool-queue.js";
import { toolSpecs } from "../tools/tool-specs.js";
import { CliError } from "./cli-error.js";
import { EXIT } from "./exit-code.js";

/** What `--tools` and `--setup` name. */
export interface Extras {
  readonly tools: ToolsFile | null;
  readonly setup: string | null;
}

/**
 * @throws ToolDefinitionError
 * @throws CliError exit code 2
 */
export async function readExtras(flags: { readonly tools?: string; readonly setup?: string }): Promise<Extras> {
  return {
    tools: flags.tools === undefined ? null : await loadToolsFile(flags.tools),
    setup: flags.setup === undefined ? null : await readSetup(flags.setup),
  };
}

/** @throws ToolDefinitionError a tool has the name of an input */
export function specExtras({ tools, setup }: Extras, { inputs }: Signature): Pick<RunSpec, "tools" | "setup"> {
  return {
    ...(tools !== null && { tools: toolSpecs(tools.tools, inputs.map(({ name }) => name)) }),
    ...(setup !== null && { setup }),
  };
}

/** Tools of a file are hosted on a queue named by the file's digest. */
export function withToolsFile(queues: TaskQueues, { tools }: Extras): TaskQueues {
  return tools === null ? queues : { ...queues, tools: toolQueueName(queues.workflow, tools.digest) };
}

async function readSetup(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new CliError("invalid_setup", EXIT.usage, `The setup ${file} cannot be read: ${(cause as Error).message}.`, "Give a file of Python.", { cause });
  }
}
