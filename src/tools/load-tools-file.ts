import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { register } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { ToolDefinitionError } from "./errors.js";
import { isTool, type Tool } from "./tool.js";

export interface ToolsFile {
  /** Absolute. */
  readonly file: string;
  readonly tools: readonly Tool[];
  /** SHA-256 (hex) of the file's bytes; what it imports is not part of it. */
  readonly digest: string;
}

/**
 * Runs a module (`.mjs`, `.js`, or `.ts` where Node takes it) and collects the tools that it exports: by any name, or in an exported array.
 *
 * @throws ToolDefinitionError the file cannot be read or run, or exports no tools
 */
export async function loadToolsFile(given: string): Promise<ToolsFile> {
  const file = path.resolve(given);
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new ToolDefinitionError(`The file of tools ${given} cannot be read: ${(cause as Error).message}.`, { cause });
  });
  const digest = createHash("sha256").update(bytes).digest("hex");
  offerOwnPackages();
  const module = await importModule(given, file);
  const tools = [...new Set(Object.values(module).flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : [value])))].filter(isTool);
  if (tools.length === 0) throw new ToolDefinitionError(`${given} exports no tools. Write: import { tool } from "durable-rlm"; export const lookup = tool({ name: "lookup", description: …, parameters: z.object({ … }), run: (args) => … });`);
  return { file, tools, digest };
}

async function importModule(given: string, file: string): Promise<Record<string, unknown>> {
  try {
    return (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const isTypeScript = cause instanceof Error && "code" in cause && cause.code === "ERR_UNKNOWN_FILE_EXTENSION" && /\.[cm]?ts$/.test(file);
    const cure = isTypeScript ? ` Node ${process.versions.node} does not run TypeScript by itself: use Node 22.18 or newer, or compile the file to .mjs.` : "";
    throw new ToolDefinitionError(`The file of tools ${given} cannot be run: ${why}.${cure}`, { cause });
  }
}

let offered = false;

/** A file of tools may lie anywhere: where `durable-rlm` and `zod` are not installed beside it, it gets ours. */
function offerOwnPackages(): void {
  if (offered) return;
  offered = true;
  const hook = `const OURS = /^(durable-rlm|zod)(\\/|$)/;
export async function resolve(specifier, context, next) {
  try {
    return await next(specifier, context);
  } catch (error) {
    if (error?.code !== "ERR_MODULE_NOT_FOUND" || !OURS.test(specifier)) throw error;
    return next(specifier, { ...context, parentURL: ${JSON.stringify(import.meta.url)} });
  }
}`;
  register(`data:text/javascript,${encodeURIComponent(hook)}`);
}
