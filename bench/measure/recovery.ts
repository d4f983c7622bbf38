import { setTimeout as sleep } from "node:timers/promises";
import type { LedgerRow } from "../../src/testing/index.js";
import { named, type RunHistory } from "../run-history.js";
import type { ModelProcess } from "../setup/model-process.js";

export const SUB_DELAY_MS = 300;
const SUB_CALLS = 6;
/** State first, then a cell of sequential sub-calls in which the kill falls. */
export const KILL_CELLS: readonly string[] = [
  "squares = (i * i for i in range(1000))\nnext(squares)",
  `r = [llm_query(f"q{i}") for i in range(${SUB_CALLS})]\nSUBMIT(answer=f"{len(r)} {next(squares)}")`,
];

export interface Recovery {
  /** From the kill until any step of the run was completed. */
  readonly nextStepMs: number;
  /** Until the cell went on in a rebuilt session. */
  readonly sessionMs: number;
  readonly answerMs: number;
  /** Calls that were answered and yet sent again. */
  readonly repeated: number;
}

/** Resolves when 3 of the sub-calls are answered and the fourth is under way. */
export async function inMidCell(model: ModelProcess): Promise<void> {
  for (;;) {
    const calls = (await model.ledger()).filter(({ rule }) => rule === "sub");
    if (calls.length === 4 && calls.filter(({ answered }) => answered).length === 3) return;
    if (calls.length > 4) throw new Error("The moment for the kill was missed.");
    await sleep(10);
  }
}

/** What happened after `fromMs`. */
export function recovery({ spans }: RunHistory, fromMs: number, endedAtMs: number, again: number): Recovery {
  const after = spans.filter(({ completed, endedAtMs: at }) => completed && at > fromMs);
  const first = (ends: readonly number[]): number => (ends.length === 0 ? Number.NaN : Math.min(...ends) - fromMs);
  return {
    nextStepMs: first(after.map(({ endedAtMs: at }) => at)),
    sessionMs: first(named(after, "executeCell", "resumeCell", "callAndResume").map(({ endedAtMs: at }) => at)),
    answerMs: endedAtMs - fromMs,
    repeated: again,
  };
}

export function answeredTwice(ledger: readonly LedgerRow[]): number {
  const keys = ledger.filter(({ answered }) => answered).map(({ idempotencyKey }) => idempotencyKey);
  return keys.length - new Set(keys).size;
}
