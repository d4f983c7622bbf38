import type { z } from "zod";
import type { JsonSchema } from "../core/tool-spec.js";

/** What a tool is told beside its arguments. */
export interface ToolContext {
  /** Aborted when the time limit is over, the run is cancelled or the worker shuts down. */
  readonly signal: AbortSignal;
  /**
   * The same in every try of the same call. A call that was answered is never made again; one that was under way when its worker died is made once more:
   * pass the key on to services that have effects.
   */
  readonly idempotencyKey: string;
  /** From 1. */
  readonly attempt: number;
  readonly workflowId: string;
}

/** How often a tool that raised or ran out of time is tried before the model is told. Lost workers are not counted. */
export interface ToolRetry {
  /** @default 1: an error is told at once */
  readonly maxAttempts?: number;
  /** Pause before the second try, in milliseconds; doubled for each further one. @default 1000 */
  readonly initialIntervalMs?: number;
  /** @default 60000 */
  readonly maxIntervalMs?: number;
}

export interface ToolOptions<Parameters extends z.ZodObject = z.ZodObject> {
  /** A Python name: the model calls `name(...)`. */
  readonly name: string;
  /** What it does and what it returns, for the model. */
  readonly description: string;
  /** A zod object, or a JSON Schema of type `object`. Fields with a default may be left out by the model. */
  readonly parameters?: Parameters | JsonSchema;
  /** Of one try, in milliseconds. @default 300000 (5 minutes) */
  readonly timeoutMs?: number;
  readonly retry?: ToolRetry;
  /** Longest result as JSON, in bytes. @default 67108864 (64 MiB) */
  readonly maxResultBytes?: number;
  /** Sync or async. Gets the arguments as the parameters' schema gives them; returns what JSON can hold. */
  readonly run: (args: z.output<Parameters>, context: ToolContext) => unknown;
}

/** A function that the model can call from its code, and that runs in a worker of yours. Made by `tool(…)`. */
export interface Tool {
  readonly [TOOL]: true;
  readonly name: string;
  readonly description: string;
  readonly schema: JsonSchema;
  readonly timeoutMs: number;
  readonly retry: Required<ToolRetry>;
  readonly maxResultBytes: number;
  /** @throws ToolArgumentsError arguments that do not fit the schema */
  readonly parse: (args: Readonly<Record<string, unknown>>) => Promise<unknown>;
  readonly run: (args: never, context: ToolContext) => unknown;
}

/** A registered symbol: a file of tools may see another copy of this package. */
export const TOOL: unique symbol = Symbol.for("durable-rlm.tool") as never;

export function isTool(value: unknown): value is Tool {
  return typeof value === "object" && value !== null && TOOL in value;
}
