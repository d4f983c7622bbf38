import { upsertSearchAttributes, workflowInfo } from "@temporalio/workflow";
import type { RunMemo } from "../src/core/run-memo.js";
import type { RunStatus } from "../src/core/result.js";
import { totalUsage, type RunState } from "../src/core/run-state.js";
import { labelsOf, progressAttributes, type RunLabels } from "../src/core/visibility.js";

/** Keeps the run's search attributes: one upsert a turn and change of status. Where they are not registered (`enabled` false) it does nothing: an upsert would stop the run. */
export class RunVisibility {
  #shown = "";

  constructor(private readonly enabled: boolean) {}

  show(status: RunStatus, state: RunState): void {
    const now = `${status} ${state.turn}`;
    if (!this.enabled || now === this.#shown) return;
    this.#shown = now;
    upsertSearchAttributes(progressAttributes({ status, turns: state.turn, llmCalls: state.calls.answered, costUsd: totalUsage(state).costUsd }));
  }
}

/** Labels of the run under way. */
export function ownLabels(): RunLabels {
  const memo: Partial<RunMemo> = workflowInfo().memo ?? {};
  return labelsOf(memo);
}
