import { countRuns, type RunCounts } from "../../client/count-runs.js";
import { listRuns, type RunListing } from "../../client/list-runs.js";
import { compose } from "../../api/compose/compose.js";
import { EXIT, type ExitCode } from "../exit-code.js";
import { readRunFilter, type FilterFlags } from "../run-filter-flags.js";
import { requireCount } from "../require-count.js";
import { printJson, printLine, printNote } from "../output/print.js";
import { ProgressDisplay } from "../output/progress-display.js";
import { renderTable } from "../output/render-table.js";

export interface ListFlags extends FilterFlags {
  readonly json: boolean;
  readonly limit: string;
  readonly count: boolean;
}

/** `rlm ls`: runs, newest first, or how many there are. */
export async function list({ json, limit, count, ...flags }: ListFlags): Promise<ExitCode> {
  const most = requireCount("--limit", limit);
  const filter = readRunFilter(flags, Date.now());
  using display = new ProgressDisplay(process.stderr, json);
  const composed = await compose({ onStep: (line) => display.step(line) });
  try {
    const askServer = !(await composed.hasNoServer());
    if (count) {
      const counts = await countRuns(composed.client, { ...filter, askServer });
      display[Symbol.dispose]();
      if (json) printJson(counts);
      else printLine(renderCounts(counts));
      return EXIT.answered;
    }
    const runs = await listRuns(composed.client, { ...filter, limit: most, askServer });
    display[Symbol.dispose]();
    if (json) printJson({ runs });
    else if (runs.length === 0) printNote(Object.keys(filter).length > 0 ? "No run fits these filters." : "There are no runs yet. rlm run --help shows how to start one.");
    else printLine(renderTable([["ID", "STATUS", "STARTED", "TURNS", "CALLS", "JOB", "SIGNATURE"], ...runs.map(toRow)]));
    return EXIT.answered;
  } finally {
    await composed.close();
  }
}

function toRow({ workflowId, status, reason, startedAtMs, signature, turns, llmCalls, job }: RunListing): string[] {
  const state = reason !== null && reason.length <= 20 ? `${status} (${reason})` : status;
  return [workflowId, state, new Date(startedAtMs).toISOString().slice(0, 19).replace("T", " "), String(turns ?? ""), String(llmCalls ?? ""), job ?? "", signature ?? ""];
}

function renderCounts({ total, byStatus }: RunCounts): string {
  return renderTable([...Object.entries(byStatus).sort(([a], [b]) => a.localeCompare(b)).map(([status, count]) => [status, String(count)]), ["total", String(total)]]);
}
