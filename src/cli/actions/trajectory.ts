import { readTrajectory } from "../../client/read-trajectory.js";
import type { TrajectoryCall, TrajectoryChild, TrajectoryTurn } from "../../client/trajectory-document.js";
import { EXIT, type ExitCode } from "../exit-code.js";
import { printJson, printLine } from "../output/print.js";
import { renderDuration } from "../output/render-result.js";
import { withRun } from "../with-run.js";

/** `rlm trajectory`: every turn with its calls, of a running or closed run. */
export async function trajectory(workflowId: string, { json }: { readonly json: boolean }): Promise<ExitCode> {
  return withRun(workflowId, json, async ({ client }, display) => {
    const document = await readTrajectory(client, workflowId);
    display[Symbol.dispose]();
    if (json) printJson(document);
    else printLine(document.turns.map(renderTurn).join("\n\n") || "No turn is finished yet.");
    return EXIT.answered;
  });
}

function renderTurn({ turn, reasoning, code, observation, calls, ms }: TrajectoryTurn): string {
  return [
    `══ turn ${turn}${ms === null ? " (under way)" : `, ${renderDuration(ms)}`} ══`,
    reasoning.trim(),
    ...(code === null ? [] : ["── code ──", code.trimEnd()]),
    ...(calls.length === 0 ? [] : [`── ${calls.length} ${calls.length === 1 ? "call" : "calls"} ──`, ...calls.map(renderCall)]),
    ...(observation === null ? [] : ["── output ──", observation.trimEnd()]),
  ].filter((part) => part !== "").join("\n");
}

function renderCall({ index, prompt, reply, error, child }: TrajectoryCall): string {
  const answer = error === null ? (reply === null ? "(no answer yet)" : shorten(reply)) : `[${error.kind}] ${error.message}`;
  return [`${index + 1}. ${shorten(prompt)}`, ...(child === null ? [] : [renderChild(child)]), `   → ${answer}`].join("\n");
}

/** The turns of a child run, indented under the call that started it. */
function renderChild({ workflowId, status, turns }: TrajectoryChild): string {
  const text = [`child run ${workflowId}: ${status ?? "under way"}`, ...turns.map(renderTurn)].join("\n");
  return text.replaceAll(/^/gm, "   │ ");
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length <= 160 ? line : `${line.slice(0, 159)}…`;
}
