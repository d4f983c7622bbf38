import { compose } from "../../api/compose/compose.js";
import { sandboxBuildId } from "../../api/compose/sandbox-queues.js";
import { forgetNamespace } from "../../client/garbage/store-namespaces.js";
import type { BlobStore } from "../../store/blob-store.js";
import { collectGarbage } from "../../client/garbage/collect-garbage.js";
import { parseDuration } from "../../core/duration.js";
import { CliError } from "../cli-error.js";
import { EXIT, type ExitCode } from "../exit-code.js";
import { printJson, printLine } from "../output/print.js";
import { ProgressDisplay } from "../output/progress-display.js";
import { renderGarbage } from "../output/render-garbage.js";

export interface GcFlags {
  readonly dryRun: boolean;
  readonly grace: string;
  /** Id of a namespace, as the refusal tells it. */
  readonly forgetNamespace?: string;
  readonly json: boolean;
}

/** A step that is under way has written what its run does not know of yet; the longest step is the upload of an input. */
const MIN_GRACE_MS = 10 * 60_000;

/** `rlm gc`: removes what no run refers to. */
export async function gc({ dryRun, grace, forgetNamespace: gone, json }: GcFlags): Promise<ExitCode> {
  const graceMs = requireGrace(grace);
  using display = new ProgressDisplay(process.stderr, json);
  const composed = await compose({ onStep: (line) => display.step(line) });
  try {
    if (gone !== undefined) await forgetNamespaceOf(composed.client.store, gone);
    const report = await collectGarbage(composed.client, composed.inventory, { graceMs, dryRun, askServer: !(await composed.hasNoServer()), ownBuildId: sandboxBuildId(process.env), onStep: (line) => display.step(line) });
    display[Symbol.dispose]();
    if (json) printJson(report);
    else printLine(renderGarbage(report));
    return EXIT.answered;
  } finally {
    await composed.close();
  }
}

async function forgetNamespaceOf(store: BlobStore, id: string): Promise<void> {
  if (!/^[\w-]{1,200}$/.test(id)) throw new CliError("invalid_options", EXIT.usage, `--forget-namespace is "${id}"; give the id that the refusal told.`);
  await forgetNamespace(store, id);
}

function requireGrace(text: string): number {
  let graceMs: number;
  try {
    graceMs = parseDuration(text);
  } catch (error) {
    throw new CliError("invalid_options", EXIT.usage, `--grace: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (graceMs < MIN_GRACE_MS) throw new CliError("invalid_options", EXIT.usage, `--grace is ${text}; it must be at least 10m, or what running steps have just written would be lost.`);
  return graceMs;
}
