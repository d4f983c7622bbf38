import { chmod, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import path from "node:path";
import { PINNED_CLI_VERSION, readCliVersion } from "./cli-version.js";
import type { ObtainContext, ObtainMethod } from "./obtain.js";

/** Where a CLI that we obtained ourselves is kept. */
export function cachedCliPath(binDir: string): string {
  return path.join(binDir, `temporal-${PINNED_CLI_VERSION}`);
}

/**
 * Obtains the CLI by `method` and puts it at `cachedCliPath(binDir)`, mode 0700. It appears there whole or not at all:
 * it is made in a directory beside, asked for its version, and moved by one rename.
 */
export async function installCli(
  binDir: string, method: ObtainMethod, context: Pick<ObtainContext, "env" | "onProgress">,
): Promise<{ path: string; version: string }> {
  await mkdir(binDir, { recursive: true, mode: 0o700 });
  const scratch = await mkdtemp(path.join(binDir, ".obtaining-"));
  try {
    const workDir = path.join(scratch, "work");
    await mkdir(workDir);
    const target = path.join(scratch, "temporal");
    await method.obtain({ ...context, target, workDir });
    await chmod(target, 0o700);
    const version = await readCliVersion(target, context.env);
    const installed = cachedCliPath(binDir);
    await rename(target, installed);
    return { path: installed, version };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
