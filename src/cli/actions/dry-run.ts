import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { dryRun } from "../../api/compose/dry-run.js";
import type { RunSpec } from "../../core/run-spec.js";
import { LocalBlobStore } from "../../store/local-blob-store.js";
import { EXIT, type ExitCode } from "../exit-code.js";
import { printJson, printLine } from "../output/print.js";
import { renderDryRun } from "../output/render-dry-run.js";

/** `rlm run --dry-run`: what the run would begin with. Inputs go to a store of its own, which is gone afterwards. */
export async function showDryRun(prepare: (store: LocalBlobStore) => Promise<{ readonly spec: RunSpec }>, { json }: { readonly json: boolean }): Promise<ExitCode> {
  const directory = await mkdtemp(path.join(tmpdir(), "rlm-dry-run-"));
  try {
    const store = await LocalBlobStore.open(path.join(directory, "store"));
    const { spec } = await prepare(store);
    const plan = await dryRun(spec, store, directory);
    if (json) printJson(plan);
    else printLine(renderDryRun(plan));
    return EXIT.answered;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
