import type { TrajectoryCall, TrajectoryTurn } from "./trajectory-document.js";
import { addUsage, NO_USAGE, type Usage } from "../core/usage.js";

/** Usage by the name that the model server gave with its replies. */
export type UsageByModel = Readonly<Record<string, Usage>>;

/**
 * Who used what, child runs included. A run's extract calls are in no turn: what its turns leave of `total` is its root model's.
 *
 * @param total usage of the whole run
 */
export function usageByModel(turns: readonly TrajectoryTurn[], total: Usage): UsageByModel {
  const byModel = new Map<string, Usage>();
  addRun(byModel, turns, total);
  return Object.fromEntries(byModel);
}

function addRun(byModel: Map<string, Usage>, turns: readonly TrajectoryTurn[], total: Usage): void {
  for (const { root, calls } of turns) {
    add(byModel, root.model, root.usage);
    for (const call of calls) addCall(byModel, call);
  }
  const last = turns.at(-1);
  if (last !== undefined) add(byModel, last.root.model, difference(total, turns.reduce((sum: Usage, { usage }) => addUsage(sum, usage), NO_USAGE)));
}

function addCall(byModel: Map<string, Usage>, { child, model, usage }: TrajectoryCall): void {
  if (child !== null) addRun(byModel, child.turns, usage);
  else if (model !== null) add(byModel, model, usage);
}

/** A call without tokens adds nothing: it was not answered, and its model is only what was asked for. */
function add(byModel: Map<string, Usage>, model: string, usage: Usage): void {
  if (usage.inputTokens + usage.outputTokens === 0) return;
  byModel.set(model, addUsage(byModel.get(model) ?? NO_USAGE, usage));
}

function difference(total: Usage, part: Usage): Usage {
  return {
    inputTokens: total.inputTokens - part.inputTokens,
    outputTokens: total.outputTokens - part.outputTokens,
    cachedTokens: total.cachedTokens - part.cachedTokens,
    costUsd: total.costUsd === null || part.costUsd === null ? null : total.costUsd - part.costUsd,
  };
}
