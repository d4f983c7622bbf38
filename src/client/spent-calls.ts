import type { TrajectoryTurn } from "./trajectory-document.js";

export interface SpentCalls {
  readonly llm: { readonly answered: number; readonly failed: number };
  readonly tool: number;
}

/** Calls of some turns by the rules of the run's ledger: a child run is one call beside its own; calls that were refused were never sent. */
export function spentCalls(turns: readonly TrajectoryTurn[]): SpentCalls {
  let [answered, failed, tool] = [0, 0, 0];
  for (const { kind, reply, error, child } of turns.flatMap(({ calls }) => calls)) {
    const sent = reply !== null || (error !== null && error.kind !== "limit");
    if (kind === "tool") tool += sent ? 1 : 0;
    else if (reply !== null) answered += 1;
    else if (sent) failed += 1;
    const own = spentCalls(child?.turns ?? []);
    answered += own.llm.answered;
    failed += own.llm.failed;
    tool += own.tool;
  }
  return { llm: { answered, failed }, tool };
}
