import { isCancellation } from "@temporalio/workflow";
import { applyEvent } from "../src/core/apply-event.js";
import type { Command } from "../src/core/next-step.js";
import type { RunState } from "../src/core/run-state.js";
import { sessionLoss } from "./failures.js";
import type { Driver } from "./perform.js";
import { planTurn, type Planned } from "./plan-turn.js";

/**
 * The snapshot of a turn becomes durable while the next turn is planned; the run goes on when both are done. A plan made from a turn that is then lost does
 * not count: the turn is run again, and if it ends as before, the next plan finds the reply under its key. A paused run only commits.
 */
export async function commitTurn(driver: Driver, { epoch, sessionQueue, plan }: Extract<Command, { do: "commit" }>, state: RunState): Promise<RunState> {
  const { run, controls, proxies } = driver;
  const { turn } = state;
  const [committed, planned] = await Promise.allSettled([
    proxies.session(sessionQueue, `turn ${turn}: snapshot`).commitSnapshot({ run, turn, epoch }),
    plan === null || controls.paused !== null ? null : planTurn(driver, plan, state),
  ]);
  if (committed.status === "rejected") return lost(driver, state, committed.reason, planned);
  const after = applyEvent(state, { type: "committed", result: committed.value });
  driver.onAdvanced(after);
  if (planned.status === "rejected") throw planned.reason;
  if (planned.value === null) return after;
  planned.value.used();
  return applyEvent(after, planned.value.event);
}

/** What became of the plan matters only for the books: whatever kept it from being made is met again when the turn is through. */
function lost(driver: Driver, state: RunState, error: unknown, planned: PromiseSettledResult<Planned | null>): RunState {
  if (planned.status === "rejected" && isCancellation(planned.reason)) throw planned.reason;
  const plan = planned.status === "fulfilled" ? planned.value : null;
  const paid = plan === null ? state : applyEvent(state, { type: "planUnused", result: plan.event.result });
  driver.onAdvanced(paid);
  const loss = sessionLoss(error);
  if (loss === null) throw error;
  driver.onSessionLost(loss.why);
  return applyEvent(paid, { type: "sessionLost", sandboxDied: loss.sandboxDied });
}
