import type { Connection } from "@temporalio/client";
import type { Composed } from "../api/compose/compose.js";
import { controlClient } from "../stack/control/control-client.js";
import { readStackState } from "../stack/state-file.js";
import type { SupervisedProcess } from "../stack/supervised-process.js";
import { supervisedTools } from "../stack/tools/supervised-tools.js";
import { toolEnv } from "../stack/tools/tool-env.js";
import type { ToolsFile } from "../tools/load-tools-file.js";
import { CliError } from "./cli-error.js";
import { EXIT } from "./exit-code.js";

/** Tools that a command had hosted. Disposing of them ends what would end with the command anyway. */
export interface HostedTools extends AsyncDisposable {
  /** On a Temporal server that is not ours, there is no stack that could keep them. */
  readonly endsWithCommand: boolean;
}

/**
 * Has the tools of a file hosted: by the embedded stack, which keeps them for as long as runs are open, else by a process of this command.
 *
 * @throws CliError `tools_failed`
 */
export async function hostTools(composed: Composed, tools: ToolsFile, onEvent: (line: string) => void): Promise<HostedTools> {
  if (await composed.isEmbedded()) {
    await hostOnStack(composed, tools);
    return { endsWithCommand: false, [Symbol.asyncDispose]: async () => undefined };
  }
  const process = await startToolProcess(composed, tools, onEvent);
  return { endsWithCommand: true, [Symbol.asyncDispose]: () => process.stop() };
}

/**
 * A process of this command that hosts the tools, on whatever server the command uses; started again when it ends.
 *
 * @param metrics where it serves metrics, as `rlm worker --metrics`
 * @throws CliError `tools_failed`
 */
export async function startToolProcess(composed: Composed, { file, digest }: ToolsFile, onEvent: (line: string) => void, metrics?: string): Promise<SupervisedProcess> {
  const { temporal } = await composed.server();
  const env = {
    ...toolEnv(composed.env),
    // Our own stack is not in the environment; a server that is named there brings its other settings (TLS, keys) along.
    ...((await composed.isEmbedded()) && { TEMPORAL_ADDRESS: (temporal.connection as Connection).options.address, TEMPORAL_NAMESPACE: temporal.options.namespace }),
    RLM_LOG_LEVEL: composed.env["RLM_LOG_LEVEL"] ?? "warn",
    RLM_EXIT_WITH_PARENT: "1",
    ...(metrics !== undefined && { RLM_METRICS: metrics }),
  };
  const tools = supervisedTools({ file, digest, cwd: process.cwd(), env: () => env, logFile: null, log: onEvent });
  await tools.start().catch((cause: unknown) => Promise.reject(failure(file, cause)));
  return tools;
}

/**
 * Has tools hosted for the windows of a schedule, that no command waits for: by the embedded stack, which keeps them while there are schedules. On a server
 * of one's own only a worker can, which the person is told.
 *
 * @throws CliError `tools_failed`
 */
export async function hostToolsOfSchedule(composed: Composed, tools: ToolsFile, say: (line: string) => void): Promise<void> {
  if (await composed.isEmbedded()) await hostOnStack(composed, tools, true);
  else say(`Windows wait at their first tool call until a machine hosts the tools: keep one running.\n  rlm worker --tools ${tools.file}`);
}

async function hostOnStack(composed: Composed, { file, digest }: ToolsFile, forSchedules = false): Promise<void> {
  await composed.server();
  const socket = readStackState(composed.home)?.socket;
  if (socket === undefined) throw failure(file, new Error("The embedded stack has just ended."));
  const env = { ...toolEnv(composed.env), RLM_LOG_LEVEL: composed.env["RLM_LOG_LEVEL"] ?? "warn" };
  await controlClient(socket).hostTools({ file, digest, cwd: process.cwd(), env, forSchedules }).catch((cause: unknown) => Promise.reject(failure(file, cause)));
}

function failure(file: string, cause: unknown): CliError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new CliError("tools_failed", EXIT.failed, `The tools of ${file} are not hosted: ${why}`, "Its own output says more: above, or in logs/tools.log of the home of the embedded stack.", { cause });
}
