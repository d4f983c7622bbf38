import { diffRuns, type DiffedTurn, type RunDiff } from "../../client/diff-runs.js";
import { stringifyExactJson } from "../../client/exact-json.js";
import { EXIT, type ExitCode } from "../exit-code.js";
import { printJson, printLine } from "../output/print.js";
import { renderOutputs, renderSummary } from "../output/render-result.js";
import { withRun } from "../with-run.js";

/** `rlm diff`: how two runs differ. */
export async function diff(idA: string, idB: string, { json }: { readonly json: boolean }): Promise<ExitCode> {
  return withRun(idA, json, async ({ client }, display) => {
    const document = await diffRuns(client, idA, idB);
    display[Symbol.dispose]();
    if (json) printJson(document);
    else printLine(render(document));
    return EXIT.answered;
  });
}

function render({ a, b, spec, sharedTurns, turns }: RunDiff): string {
  return [
    `A  ${a.workflowId}: ${renderSummary(a)}`,
    `B  ${b.workflowId}: ${renderSummary(b)}`,
    "",
    ...(spec.length === 0 ? ["Both were asked the same."] : ["Asked differently:", ...spec.map((row) => `  ${row.field}: A ${show(row.a)}, B ${show(row.b)}`)]),
    sharedTurns === 0 ? "No turn is shared." : `Turns 1 to ${sharedTurns} are the same.`,
    ...turns.flatMap(({ turn, a: left, b: right }) => ["", `══ turn ${turn} ══`, ...renderTurn("A", left), ...renderTurn("B", right)]),
    "",
    "Outputs:",
    ...[a, b].map((side, i) => `${i === 0 ? "A" : "B"}  ${side.outputs === null ? "none" : renderOutputs(side.outputs)}`),
  ].join("\n");
}

function renderTurn(side: string, turn: DiffedTurn | null): string[] {
  if (turn === null) return [`── ${side}: none ──`];
  return [`── ${side}: code, ${turn.calls} calls ──`, (turn.code ?? "(none)").trimEnd(), ...(turn.observation === null ? [] : [`── ${side}: output ──`, turn.observation.trimEnd()])];
}

function show(value: unknown): string {
  return value === null ? "not set" : stringifyExactJson(value);
}
