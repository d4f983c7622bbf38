import { listRuns, type RunListing } from "../../client/list-runs.js";
import { CliError } from "../cli-error.js";
import { compose } from "../../api/compose/compose.js";
import { EXIT, type ExitCode } from "../exit-code.js";
import { printJson, printLine, printNote } from "../output/print.js";
import { ProgressDisplay } from "../output/progress-display.js";

/** `rlm ls`: runs, newest first. */
export async function list({ json, limit }: { readonly json: boolean; readonly limit: string }): Promise<ExitCode> {
  const count = Number(limit);
  if (!Number.isInteger(count) || count < 1) throw new CliError("invalid_options", EXIT.usage, `--limit is ${limit}; it must be a whole number from 1 on.`);
  using display = new ProgressDisplay(process.stderr, json);
  const composed = await compose({ onStep: (line) => display.step(line) });
  try {
    const runs = await listRuns(composed.client, { limit: count, askServer: !(await composed.hasNoServer()) });
    display[Symbol.dispose]();
    if (json) printJson({ runs });
    else if (runs.length === 0) printNote("There are no runs yet. rlm run --help shows how to start one.");
    else printLine(renderTable(runs));
    return EXIT.answered;
  } finally {
    await composed.close();
  }
}

function renderTable(runs: readonly RunListing[]): string {
  const rows = [["ID", "STATUS", "STARTED", "SIGNATURE"], ...runs.map(toRow)];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd()).join("\n");
}

function toRow({ workflowId, status, reason, startedAtMs, signature }: RunListing): string[] {
  const state = reason !== null && reason.length <= 20 ? `${status} (${reason})` : status;
  return [workflowId, state, new Date(startedAtMs).toISOString().slice(0, 19).replace("T", " "), signature ?? ""];
}
