import { spawn } from "node:child_process";
import { once } from "node:events";
import { BIND_ADDRESS_RULE, parseBindAddress } from "../../config/bind-address.js";
import { ensureSearchAttributes } from "../../client/ensure-search-attributes.js";
import { compiledProgram } from "../../stack/package-files.js";
import { CliError } from "../cli-error.js";
import { compose } from "../../api/compose/compose.js";
import { EXIT, type ExitCode } from "../exit-code.js";
import { printNote } from "../output/print.js";
import { loadToolsFile } from "../../tools/load-tools-file.js";
import { startToolProcess } from "../host-tools.js";
import { requireCount } from "../require-count.js";

export interface WorkerFlags {
  readonly roles?: string;
  readonly maxSessions?: string;
  readonly tools?: string;
  readonly packages?: string;
  readonly deployment?: string;
  readonly buildId?: string;
  readonly metrics?: string;
}

const ROLES: ReadonlySet<string> = new Set(["workflow", "llm", "repl"]);

/** `rlm worker`: a worker for the configured Temporal server, in the foreground, until it is told to stop. */
export async function worker({ roles, maxSessions, tools, packages, deployment, buildId, metrics }: WorkerFlags): Promise<ExitCode> {
  if (metrics !== undefined && parseBindAddress(metrics) === null) throw new CliError("invalid_options", EXIT.usage, `--metrics is "${metrics}"; it must be ${BIND_ADDRESS_RULE}.`);
  if (maxSessions !== undefined) requireCount("--max-sessions", maxSessions);
  if (tools !== undefined) {
    const other = Object.entries({ "--roles": roles, "--max-sessions": maxSessions, "--packages": packages, "--deployment": deployment, "--build-id": buildId }).find(([, value]) => value !== undefined);
    if (other !== undefined) throw new CliError("invalid_options", EXIT.usage, `${other[0]} is for workers that run cells and models; --tools starts one that hosts tools and nothing else.`, `Leave ${other[0]} out, or run two commands: rlm worker ${other[0]} ${other[1]}, and rlm worker --tools ${tools}.`);
    return hostTools(tools, metrics);
  }
  const unknown = (roles ?? "").split(",").map((role) => role.trim()).find((role) => role !== "" && !ROLES.has(role));
  if (unknown !== undefined) throw new CliError("invalid_options", EXIT.usage, `--roles: "${unknown}" is not a role.`, `Roles: ${[...ROLES].join(", ")}; separate them by commas.`);
  const composed = await compose({ flags: { ...(packages !== undefined && { packages }) }, onStep: printNote });
  if (await composed.isEmbedded()) {
    throw new CliError("no_server", EXIT.usage, "No Temporal server is configured, and the embedded stack has a worker of its own.", "Set TEMPORAL_ADDRESS (and TEMPORAL_NAMESPACE) to the server whose runs this worker shall do.");
  }
  // An unreachable server is told by our own message, before a worker is started.
  const { temporal } = await composed.server();
  const attributes = await ensureSearchAttributes(temporal.connection, temporal.options.namespace);
  if (attributes.how === "refused") printNote(attributes.message);
  await composed.close();
  const versioning = { ...(deployment !== undefined && { TEMPORAL_DEPLOYMENT_NAME: deployment }), ...(buildId !== undefined && { TEMPORAL_WORKER_BUILD_ID: buildId }) };
  const env = { ...composed.env, ...versioning, ...(roles !== undefined && { RLM_ROLES: roles }), ...(maxSessions !== undefined && { RLM_MAX_SESSIONS: maxSessions }), ...(metrics !== undefined && { RLM_METRICS: metrics }), RLM_EXIT_WITH_PARENT: "1" };
  const child = spawn(process.execPath, [compiledProgram("worker/main.js")], { env, stdio: "inherit" });
  // The terminal sends Ctrl-C to the whole group; what is sent to us alone is passed on.
  const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
  const ignore = (): void => undefined;
  process.on("SIGTERM", forward).on("SIGINT", ignore);
  const [code] = (await once(child, "exit")) as [number | null];
  return code === 0 ? EXIT.answered : EXIT.failed;
}

/** `rlm worker --tools FILE`: hosts the tools of a file, and nothing else, until it is told to stop. */
async function hostTools(file: string, metrics: string | undefined): Promise<ExitCode> {
  const loaded = await loadToolsFile(file);
  const composed = await compose({ onStep: printNote });
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve());
  });
  const tools = await startToolProcess(composed, loaded, printNote, metrics ?? (composed.env["RLM_METRICS"] || undefined));
  printNote(`Hosting ${loaded.tools.map(({ name }) => name).join(", ")}`);
  // A supervised process alone does not keep the program alive between two of its lives.
  const alive = setInterval(() => undefined, 60_000);
  await stopped;
  clearInterval(alive);
  await tools.stop();
  await composed.close();
  return EXIT.answered;
}
