import { compose } from "../../api/compose/compose.js";
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
  readonly json: boolean;
}

/** A step that is under way has written what its run does not know of yet; the longest step is the upload of an input. */
const MIN_GRACE_MS = 10 * 60_000;

/** `rlm gc`: removes what no run refers to. */
export async function gc({ dryRun, grace, json }: GcFlags): Promise<ExitCode> {
  const graceMs = requireGrace(grace);
  using display = new ProgressDisplay(process.stderr, json);
  const composed = await compose({ onStep: (line) => display.step(line) });
  try {
    const report = await collectGarbage(composed.client, composed.inventory, { graceMs, dryRun, askServer: !(await composed.hasNoServer()), onStep: (line) => display.step(line) });
    display[Symbol.dispose]();
    if (json) printJson(report);
    else printLine(renderGarbage(report));
    return EXIT.answered;
  } finally {
    await composed.close();
  }
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
