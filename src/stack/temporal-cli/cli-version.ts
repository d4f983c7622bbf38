import { runCommand } from "../process/run-command.js";

/** The newest version that was built and measured with this engine; what we obtain when none is there. */
export const PINNED_CLI_VERSION = "1.8.2";

/** Older dev servers lack options we pass (`--sqlite-pragma` together with the dynamic-config keys was tried from 1.5 on). */
export const MINIMUM_CLI_VERSION = "1.5.0";

/**
 * Version of the Temporal CLI at `file`, from its own `--version` ("temporal version 1.8.2 (Server 1.31.2, …)").
 *
 * @throws Error that says why, when it cannot run, is not Temporal's CLI or is older than 1.5.
 */
export async function readCliVersion(file: string, env: NodeJS.ProcessEnv): Promise<string> {
  const { exitCode, stdout } = await runCommand(file, ["--version"], { env, timeoutMs: 30_000 });
  const version = /^temporal version v?(\d+\.\d+\.\d+\S*)/m.exec(stdout)?.[1];
  if (version === undefined) {
    throw new Error(`${file} is not the Temporal CLI: "--version" ended with code ${exitCode} and printed no "temporal version …"`);
  }
  if (isOlder(version, MINIMUM_CLI_VERSION)) {
    throw new Error(`${file} is Temporal CLI ${version}; ${MINIMUM_CLI_VERSION} or newer is needed`);
  }
  return version;
}

/** Compares major, minor and patch by number; anything after them is ignored. */
export function isOlder(version: string, than: string): boolean {
  const [a, b] = [parts(version), parts(than)];
  for (let i = 0; i < 3; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

function parts(version: string): number[] {
  return version.split(".", 3).map((part) => Number.parseInt(part, 10) || 0);
}
