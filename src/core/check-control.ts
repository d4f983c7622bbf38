import {
  BUDGET_LIMITS, MAX_CONTROL_TEXT_CHARS, MAX_STEER_BYTES, MAX_WAITING_STEERS,
  type BudgetRequest, type ControlRequest, type ControlState, type SteerRequest,
} from "./control-wire.js";
import { resolveRunOptions, RunOptionsError } from "./resolve-run-limits.js";
import type { RunLimits } from "./run-limits.js";
import { callsUsed, type RunState } from "./run-state.js";

/** Why a request cannot be taken, with the value and the rule; `null`: it can. The workflow's validators, pure. */
export function controlFault({ by, why }: ControlRequest): string | null {
  if (by.trim() === "") return "The request does not say who asks (`by`).";
  const longest = Math.max(by.length, why?.length ?? 0);
  return longest > MAX_CONTROL_TEXT_CHARS ? `Who asks and why may have ${MAX_CONTROL_TEXT_CHARS} characters each; this has ${longest}.` : null;
}

export function steerFault(request: SteerRequest, control: ControlState): string | null {
  const { bytes } = request.textRef;
  if (bytes === 0) return "The message is empty.";
  if (bytes > MAX_STEER_BYTES) return `The message has ${bytes} bytes; at most ${MAX_STEER_BYTES} are taken. It becomes part of every later prompt: make it short.`;
  if (control.steers.length >= MAX_WAITING_STEERS) return `${control.steers.length} messages are waiting for the next turn already, no more are taken. Send it when the model has seen those.`;
  return controlFault(request);
}

/** @param parentId the run that this one is a child of, or `null` */
export function budgetFault(request: BudgetRequest, limits: RunLimits, state: RunState, parentId: string | null): string | null {
  if (parentId !== null) return `This run is a child of ${parentId} and has a part of its budget. Change the limits of ${parentId}; later children get more.`;
  const names = Object.keys(request.limits);
  if (names.length === 0) return `No limit is named. Limits that can change: ${BUDGET_LIMITS.join(", ")}.`;
  const fixed = names.filter((name) => !(BUDGET_LIMITS as readonly string[]).includes(name));
  if (fixed.length > 0) return `${fixed.join(", ")} cannot change while a run is open; only ${BUDGET_LIMITS.join(", ")} can. A fork can have others.`;
  const { maxIterations, maxLlmCalls } = request.limits;
  if (maxIterations !== undefined && maxIterations < state.turn) return `maxIterations is ${maxIterations}; turn ${state.turn} is under way already.`;
  const used = callsUsed(state);
  if (maxLlmCalls !== undefined && maxLlmCalls < used) return `maxLlmCalls is ${maxLlmCalls}; ${used} calls are used or under way already.`;
  try {
    resolveRunOptions({ ...limits, ...request.limits });
  } catch (error) {
    if (error instanceof RunOptionsError) return error.message;
    throw error;
  }
  return controlFault(request);
}
