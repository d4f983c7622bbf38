import type { z } from "zod";
import { findNameFault } from "../signature/names.js";
import { ToolDefinitionError } from "./errors.js";
import { readSchema } from "./parameter-schema.js";
import { TOOL, type Tool, type ToolOptions } from "./tool.js";

const DAY_MS = 86_400_000;
const MIB = 2 ** 20;
const DEFAULT_RETRY = { maxAttempts: 1, initialIntervalMs: 1000, maxIntervalMs: 60_000 };

/**
 * Makes a tool: a function of yours that the model calls from its Python code, as in `lookup_zip("10115")`. It runs as a durable activity, outside of the
 * sandbox, in a worker that hosts it.
 *
 * @throws ToolDefinitionError something of the definition cannot be used
 */
export function tool<Parameters extends z.ZodObject>(options: ToolOptions<Parameters>): Tool {
  const { name, description, timeoutMs = 300_000, maxResultBytes = 64 * MIB, run } = options;
  const retry = { ...DEFAULT_RETRY, ...options.retry };
  requireName(name);
  demand(typeof description === "string" && description.trim() !== "", name, "has no description", "say in a sentence what it does and returns: the model reads it");
  demand(typeof run === "function", name, "has no run function", "give run: (args) => …");
  requireWhole(name, "timeoutMs", timeoutMs, 1, DAY_MS);
  requireWhole(name, "maxResultBytes", maxResultBytes, 1, 256 * MIB);
  requireWhole(name, "retry.maxAttempts", retry.maxAttempts, 1, 1000);
  requireWhole(name, "retry.initialIntervalMs", retry.initialIntervalMs, 1, DAY_MS);
  requireWhole(name, "retry.maxIntervalMs", retry.maxIntervalMs, 1, DAY_MS);
  const { schema, parse } = readSchema(name, options.parameters ?? { type: "object", properties: {} });
  return { [TOOL]: true, name, description: description.trim(), schema, timeoutMs, retry, maxResultBytes, parse, run };
}

function requireName(name: unknown): asserts name is string {
  if (typeof name !== "string") throw new ToolDefinitionError(`A tool has no name. Give it one, as in tool({ name: "lookup_zip", … }).`);
  const fault = findNameFault(name, "input");
  if (fault !== null) throw new ToolDefinitionError(`A tool cannot be used: ${fault.problem} ${fault.cure}`);
}

function requireWhole(name: string, option: string, value: number, min: number, max: number): void {
  demand(Number.isSafeInteger(value) && value >= min && value <= max, name, `has ${option} ${String(value)}`, `it must be a whole number from ${min} to ${max}`);
}

function demand(holds: boolean, name: string, problem: string, cure: string): void {
  if (!holds) throw new ToolDefinitionError(`The tool \`${name}\` ${problem}; ${cure}.`);
}
