import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Connection } from "@temporalio/client";
import type { Composed } from "../api/compose/compose.js";
import { compiledProgram } from "../stack/package-files.js";
import type { ToolsFile } from "../tools/load-tools-file.js";
import { CliError } from "./cli-error.js";
import { EXIT } from "./exit-code.js";

/** Variables that a tool has no business with: the keys of the models. */
const WITHHELD = /^OPENAI_API_KEY$/;

/**
 * Starts the process that hosts the tools of a file, tied to this one, and waits until it takes calls. It gets this command's environment, so that tools
 * find what they need there, but not the keys of the models.
 *
 * @throws CliError `tools_failed`
 */
export async function startToolWorker(composed: Composed, { file, digest }: ToolsFile): Promise<ChildProcess> {
  const { temporal } = await composed.server();
  const keys = new Set(composed.config.models.keyVariables);
  const env = {
    ...Object.fromEntries(Object.entries(composed.env).filter(([name]) => !WITHHELD.test(name) && !keys.has(name))),
    // Our own stack is not in the environment; a server that is named there brings its other settings (TLS, keys) along.
    ...((await composed.isEmbedded()) && { TEMPORAL_ADDRESS: (temporal.connection as Connection).options.address, TEMPORAL_NAMESPACE: temporal.options.namespace }),
    RLM_LOG_LEVEL: composed.env["RLM_LOG_LEVEL"] ?? "warn",
    RLM_EXIT_WITH_PARENT: "1",
  };
  const child = spawn(process.execPath, [compiledProgram("worker/tool-main.js"), file, digest], { env, stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit").then(() => Promise.reject(new CliError("tools_failed", EXIT.failed, `The process that hosts the tools of ${file} ended before it was ready.`, "Its last lines above say why.")));
  ended.catch(() => undefined);
  // What tools print is theirs; the command's stdout is for results.
  const lines = createInterface({ input: child.stdout });
  await Promise.race([once(lines, "line"), ended]);
  lines.on("line", (line) => process.stderr.write(`${line}\n`));
  return child;
}
