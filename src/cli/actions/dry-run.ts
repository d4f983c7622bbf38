import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Composed } from "../../api/compose/compose.js";
import { dryRun } from "../../api/compose/dry-run.js";
import type { RunSpec } from "../../core/run-spec.js";
import { readPackageSet } from "../../repl/packages/package-set.js";
import { SetupFailedError } from "../../repl/session.js";
import { LocalBlobStore } from "../../store/local-blob-store.js";
import { CliError } from "../cli-error.js";
import { EXIT, type ExitCode } from "../exit-code.js";
import { printJson, printLine } from "../output/print.js";
import { renderDryRun } from "../output/render-dry-run.js";

/** `rlm run --dry-run`: what the run would begin with. Inputs go to a store of its own, which is gone afterwards. */
export async function showDryRun(
  { home, config, client }: Composed,
  prepare: (store: LocalBlobStore) => Promise<{ readonly spec: RunSpec }>,
  { json }: { readonly json: boolean },
): Promise<ExitCode> {
  const directory = await mkdtemp(path.join(tmpdir(), "rlm-dry-run-"));
  try {
    const store = await LocalBlobStore.open(path.join(directory, "store"));
    const { spec } = await prepare(store);
    const plan = await dryRun(spec, store, { workDir: path.join(home, "sessions"), images: client.store, packages: readPackageSet(config.packages ?? undefined) });
    if (json) printJson(plan);
    else printLine(renderDryRun(plan));
    return EXIT.answered;
  } catch (error) {
    if (error instanceof SetupFailedError) throw new CliError("setup_failed", EXIT.usage, `The setup failed:\n${error.message}`, "A run with it would fail. Mend the file of --setup.", { cause: error });
    throw error;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
