import { copyFile } from "node:fs/promises";
import path from "node:path";
import { packageRoot } from "../package-files.js";
import { lastLine, runCommand } from "../process/run-command.js";
import { isOlder, PINNED_CLI_VERSION } from "./cli-version.js";
import type { ObtainMethod } from "./obtain.js";

/** Go version in deploy/temporal-cli/go.mod. */
const MINIMUM_GO_VERSION = "1.26.4";
/** Measured 2 to 8 minutes on two cores. */
const BUILD_LIMIT_MS = 30 * 60_000;

/**
 * Builds the CLI from source with the locked module list in deploy/temporal-cli (`go install …@version` is refused by
 * Go, because upstream's go.mod has a replace directive).
 */
export const goBuild: ObtainMethod = {
  source: "go-build",
  title: "a build with Go",
  async obtain({ target, workDir, env, onProgress }) {
    const found = (await runCommand("go", ["env", "GOVERSION"], { env: { ...env, GOTOOLCHAIN: "local" }, timeoutMs: 30_000 })).stdout.trim();
    const version = found.replace(/^go/, "");
    if (isOlder(version, MINIMUM_GO_VERSION)) throw new Error(`Go ${MINIMUM_GO_VERSION} or newer is needed, found ${version || "none"}`);
    onProgress(`Building Temporal CLI ${PINNED_CLI_VERSION} with Go ${version} (2 to 10 minutes, 3.5 GB of Go's caches)`);
    for (const name of ["go.mod", "go.sum"]) await copyFile(path.join(packageRoot(), "deploy", "temporal-cli", name), path.join(workDir, name));
    const build = await runCommand("go", [
      "build", "-trimpath", "-ldflags", `-s -w -X github.com/temporalio/cli/internal/temporalcli.Version=${PINNED_CLI_VERSION}`,
      "-o", target, "github.com/temporalio/cli/cmd/temporal",
    ], { env: { ...env, CGO_ENABLED: "0", GOTOOLCHAIN: "local", GOWORK: "off" }, timeoutMs: BUILD_LIMIT_MS, cwd: workDir });
    if (build.exitCode !== 0) throw new Error(`go build failed: ${lastLine(build.stderr)}`);
  },
};
