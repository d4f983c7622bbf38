import { createHash } from "node:crypto";
import { toolSpecs } from "./tool-specs.js";
import type { Tool } from "./tool.js";

/**
 * The task queue on which a set of tools is hosted. It carries a digest of the set, so that a run meets workers with exactly the tools that its model was
 * told of: those of equal names, descriptions and parameters.
 */
export function toolQueueOf(prefix: string, tools: readonly Tool[]): string {
  const specs = toolSpecs(tools, []).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return toolQueueName(prefix, createHash("sha256").update(JSON.stringify(specs)).digest("hex"));
}

/** The queue for a digest: of the set of tools, or of the file that holds them. */
export function toolQueueName(prefix: string, digest: string): string {
  return `${prefix}-tools-${digest.slice(0, 32)}`;
}
