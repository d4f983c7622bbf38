import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { PreludeModule } from "./child/protocol.js";
import { SandboxUnavailableError } from "./session.js";

/** Reads the prelude's Python files in the order given by its `order.json`. @throws {SandboxUnavailableError} missing, malformed, or not ending in `main`. */
export function readPrelude(directory: string): PreludeModule[] {
  let stems: unknown;
  try {
    stems = JSON.parse(readFileSync(join(directory, "order.json"), "utf8"));
  } catch (cause) {
    throw new SandboxUnavailableError(`The prelude's ${join(directory, "order.json")} cannot be read. Install the package again.`, { cause });
  }
  if (!isStems(stems) || stems.at(-1) !== "main") {
    throw new SandboxUnavailableError(`${join(directory, "order.json")} must be a list of file stems that ends with "main". Install the package again.`);
  }
  return stems.map((stem) => ({ stem, source: readFileSync(join(directory, `${stem}.py`), "utf8") }));
}

function isStems(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((stem) => typeof stem === "string" && /^[a-z_][a-z0-9_]*$/.test(stem));
}
