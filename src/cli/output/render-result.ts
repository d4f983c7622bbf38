import { stringifyExactJson } from "../../client/exact-json.js";
import type { ResultDocument } from "../../core/result.js";

/** The outputs as a person (or a pipe) wants them: a single one bare, several as `name: value`. */
export function renderOutputs(outputs: NonNullable<ResultDocument["outputs"]>): string {
  const entries = Object.entries(outputs);
  const [only] = entries;
  if (entries.length === 1 && only !== undefined) return renderValue(only[1]);
  return entries.map(([name, value]) => `${name}: ${renderValue(value)}`).join("\n");
}

function renderValue(value: unknown): string {
  return typeof value === "string" ? value : stringifyExactJson(value);
}

/** `answered in 3 turns, 12 of 50 sub-calls, 1,234 + 567 tokens, $0.0123, 42 s`. */
export function renderSummary(result: ResultDocument): string {
  const { status, reason, turns, llmCalls, maxLlmCalls, usage, durationMs } = result;
  const parts = [
    `${status}${reason === null ? "" : ` (${reason})`} in ${turns} ${turns === 1 ? "turn" : "turns"}`,
    `${llmCalls} of ${maxLlmCalls} sub-calls`,
    `${number(usage.inputTokens)} + ${number(usage.outputTokens)} tokens`,
    ...(usage.costUsd === null ? [] : [`$${usage.costUsd.toFixed(4)}`]),
    renderDuration(durationMs),
  ];
  return parts.join(", ");
}

/** `850 ms`, `42 s`, `3 min 5 s`, `2 h 4 min`. */
export function renderDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = Math.floor(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}
