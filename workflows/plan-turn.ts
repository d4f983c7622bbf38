import type { RunEvent } from "../src/core/apply-event.js";
import type { PlanAhead } from "../src/core/next-step.js";
import type { RunState } from "../src/core/run-state.js";
import type { Driver } from "./perform.js";

export interface Planned {
  readonly event: Extract<RunEvent, { type: "planned" }>;
  /** To be said when the plan counts: the model has seen what operators said before it. */
  readonly used: () => void;
}

/** The root model's call of a turn. */
export async function planTurn({ run, input, controls, proxies }: Driver, ahead: Omit<PlanAhead, "trajectoryRef"> & Pick<RunState, "trajectoryRef">, { variablesRef }: RunState): Promise<Planned> {
  const { turn, budget, trajectoryRef } = ahead;
  const { steers } = controls;
  const result = await proxies.llm(`turn ${turn}: root model`).planTurn({ run, specRef: input.specRef, variablesRef, turn, trajectoryRef, budget, steers });
  return { event: { type: "planned", result, budget }, used: () => controls.steersSeen(steers.length) };
}
