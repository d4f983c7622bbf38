import type { BudgetView, CellResult } from "../core/cell.js";
import { groupDigits, oneLine, typeAndSize } from "./size-text.js";

export interface StateLineParts {
  /** Of the turn that has just ended, with the calls used by now; the other limits as the turn began. `turn` counts from 1. */
  readonly budget: BudgetView;
  /** The run has tools; only then the model is told of their limit. */
  readonly hasTools?: boolean;
  /** New or rebound variables. */
  readonly changed: CellResult["changed"];
  /** Reserved names that were put back. */
  readonly restored: readonly string[];
  /** All user variables; given after a NameError. */
  readonly names?: readonly string[];
}

const MAX_NAMES = 60;

/** One line under an observation: where the run stands. */
export function renderStateLine({ budget, hasTools = false, changed, restored, names }: StateLineParts): string {
  const { turn, maxIterations, llmCallsUsed, maxLlmCalls } = budget;
  const turnsLeft = Math.max(0, maxIterations - turn);
  const callsLeft = Math.max(0, maxLlmCalls - llmCallsUsed);
  const sentences = [
    `Turn ${turn} of ${maxIterations} done, ${turnsLeft} left.`,
    maxLlmCalls === 0 ? null : `Sub-calls: ${groupDigits(callsLeft)} of ${groupDigits(maxLlmCalls)} left.`,
    renderOtherLimits(budget, hasTools),
    changed.length === 0 ? null : `New or changed: ${changed.map(({ name, type, length }) => `${oneLine(name, 60)} (${typeAndSize(type, length)})`).join(", ")}.`,
    restored.length === 0 ? null : `Put back, because they cannot be rebound: ${nameList(restored)}.`,
    names === undefined ? null : `Names you have defined: ${names.length === 0 ? "none" : nameList(names)}.`,
    turnsLeft === 1 ? "The next turn is your last: end it with SUBMIT(...)." : null,
  ];
  return `[${sentences.filter((sentence) => sentence !== null).join(" ")}]`;
}

/** Only of limits that the run has; what the turn itself spent is not known yet. */
function renderOtherLimits({ toolCallsLeft, tokensLeft, usdLeft, msLeft }: BudgetView, hasTools: boolean): string | null {
  const parts = [
    toolCallsLeft === undefined || !hasTools ? null : `${groupDigits(toolCallsLeft)} tool calls`,
    tokensLeft === null ? null : `${groupDigits(tokensLeft)} tokens`,
    usdLeft === null ? null : `${Number(usdLeft.toPrecision(3))} US dollars`,
    msLeft === null ? null : `${groupDigits(Math.ceil(msLeft / 1000))} seconds`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : `Left before its code ran: ${parts.join(", ")}.`;
}

function nameList(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMES).map((name) => oneLine(name, 60));
  return [...shown, ...(names.length > MAX_NAMES ? [`… and ${names.length - MAX_NAMES} more`] : [])].join(", ");
}
