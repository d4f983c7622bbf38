import { existsSync } from "node:fs";
import { rename } from "node:fs/promises";
import path from "node:path";
import { compiledProgram } from "../package-files.js";
import { lastLine, runCommand } from "../process/run-command.js";
import { PINNED_CLI_VERSION } from "./cli-version.js";
import type { ObtainMethod } from "./obtain.js";

/** Seconds on a usual line for 40 MB; where the host is unreachable it fails in milliseconds, behind a silent firewall never. */
const TIME_LIMIT_MS = 60_000;

/**
 * The Temporal SDK's own download (the one its test environment uses): official host, right archive for the platform.
 * In a process of its own, because the native download cannot be cancelled and the limit must hold.
 */
export const sdkDownload: ObtainMethod = {
  source: "download",
  title: "the Temporal SDK's download",
  async obtain({ target, workDir, env, onProgress }) {
    const program = compiledProgram("src/stack/temporal-cli/sdk-download-main.js");
    if (!existsSync(program)) throw new Error(`${program} is missing; run "npm run build"`);
    onProgress(`Downloading Temporal CLI ${PINNED_CLI_VERSION} (about 40 MB)`);
    const result = await runCommand(process.execPath, [program, workDir, PINNED_CLI_VERSION], { env, timeoutMs: TIME_LIMIT_MS });
    if (result.exitCode !== 0) throw new Error(lastLine(result.stderr) || `ended with code ${result.exitCode}`);
    await rename(path.join(workDir, result.stdout.trim()), target);
  },
};
